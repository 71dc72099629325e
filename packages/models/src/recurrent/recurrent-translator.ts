import type { AdditiveAttention } from "@tenon/attention";
import { Module } from "@tenon/nn";
import type { Backend, Tensor } from "@tenon/tensor";

import { expectIds, expectRows } from "./expect-ids.ts";
import type { RecurrentReading } from "./recurrent-cache.ts";
import type { RecurrentDecoder } from "./recurrent-decoder.ts";
import { RecurrentSource } from "./recurrent-source.ts";

/** What comes with the ids of one forward pass of a recurrent translator. */
export interface RecurrentInput {
  /** How many ids of each source count, i32 [b]; the rest is padding at the end. Default: all. */
  readonly sourceLengths?: Tensor | undefined;
}

/**
 * What recurrent translators have in common: one part reads the source, another says the target, id by id. Source ids i32 [b, s] and target ids
 * i32 [b, t] → logits [b, t, v] of what follows each target id. Padding at the end of a target changes nothing before it.
 *
 * To decode, read the source once by `encode`, and hand the result to `generate` or `beamSearch` of `@tenon/sampling`. `RnnEncoderDecoder` and `RnnSearch`
 * are two; another extends this class by how it reads and looks.
 *
 * `forward` and `encode` throw `ShapeError` when ids are not [b, s] and [b, t] with one source for each target, and what the encoder throws for lengths.
 */
export abstract class RecurrentTranslator extends Module<
  [source: Tensor, target: Tensor, input?: RecurrentInput],
  Tensor
> {
  abstract readonly decoder: RecurrentDecoder;
  /** v of the source. */
  abstract get sourceVocabulary(): number;
  /** What looks at the source before each id; undefined where the source becomes one vector. */
  abstract readonly attention: AdditiveAttention | undefined;

  /** What is made of source ids i32 [b, s], of which `lengths` i32 [b] count, before the first id of the target. */
  abstract read(source: Tensor, lengths: Tensor | undefined): RecurrentReading;
  /** What the decoder is told of that when it is in a state: [b, n] → [b, c]. */
  abstract look(reading: RecurrentReading): (state: Tensor) => Tensor;

  /** v of the target. */
  get vocabulary(): number {
    return this.decoder.tokens.vocabulary;
  }
  /** Where its parameters live. Throws `BackendError` before `to(backend)`. */
  get backend(): Backend {
    return this.decoder.tokens.table.value.backend;
  }

  /** Reads source ids i32 [b, s], of which `lengths` i32 [b] count: what can be decoded. Whoever asks for it disposes it. */
  encode(source: Tensor, { lengths }: { readonly lengths?: Tensor | undefined } = {}): RecurrentSource {
    expectIds("source", source, "s");
    return new RecurrentSource(this, () => this.read(source, lengths));
  }

  protected override compute(source: Tensor, target: Tensor, { sourceLengths }: RecurrentInput = {}): Tensor {
    expectIds("source", source, "s");
    expectIds("target", target, "t");
    expectRows(target, source.shape[0]!);
    const reading = this.read(source, sourceLengths);
    const { readouts } = this.decoder.forward(target, { state: reading.begin, look: this.look(reading) });
    return this.decoder.output.forward(readouts);
  }
}
