import { all, causal, leftPadding, padding, type Mask } from "@tenon/attention";
import { Module, type Parameter } from "@tenon/nn";
import { positionsAfterPadding } from "@tenon/positional";
import { reshape, scoped, type Backend, type Random, type Tensor } from "@tenon/tensor";

import { extentOf } from "../extent-of.ts";
import type { Kinds } from "../kinds/registry.ts";
import { outputOf, type Output } from "../output-of.ts";
import type { EncoderDecoderSpec } from "../spec.ts";
import { EmbeddedStack } from "./embedded-stack.ts";
import { EncodedSource } from "./encoded-source.ts";
import { sidesOf } from "./sides-of.ts";
import type { SourceCache } from "./source-cache.ts";

/** What comes with the ids of one forward pass of an encoder–decoder. */
export interface EncoderDecoderInput {
  /** How many ids of each source count, i32 [b]; the rest is padding at the end. Default: all. */
  readonly sourceLengths?: Tensor | undefined;
  /** How many ids of each target count, i32 [b]; the rest is padding at the end. Default: all. */
  readonly lengths?: Tensor | undefined;
  /** How many ids at the front of each target are padding. Default: none. */
  readonly paddings?: readonly number[] | undefined;
}

/** What comes with the ids of a target. */
export interface DecodeInput extends Omit<EncoderDecoderInput, "sourceLengths"> {
  /** Which positions of the memory count, such as `padding(lengths)`. Default: all. */
  readonly sourceMask?: Mask | undefined;
  /** The ids before, from `EncodedSource.cache`. Default: there are none. */
  readonly cache?: SourceCache | undefined;
}

/**
 * An encoder–decoder: one sequence is read as a whole, and another is written token by token, each seeing itself, those before it, and all of the first.
 * source i32 [b, s] and target i32 [b, t] → logits [b, t, v]. Assembled from an {@link EncoderDecoderSpec} by `assemble`. To decode, read the source
 * once by `encode`, and hand the result to `generate` or `beamSearch` of `@tenon/sampling`.
 *
 * Taps: `encoder.final` [b, s, d], the memory, and `decoder.final` [b, t, d], what the output is made from.
 *
 * `forward`, `encode` and `decode` throw `ConfigError` when there are more ids than the contexts of their sides hold, and `ShapeError` when ids are not
 * [b, s] and [b, t] with one source for each target.
 *
 * Sutskever et al. 2014, "Sequence to sequence learning with neural networks"; Vaswani et al. 2017, "Attention is all you need".
 *
 * @example
 * ```ts
 * const spec = transformer({ vocabulary: 60, context: 64, width: 32, layers: 2, heads: 4, hidden: 64 });
 * const model = await assemble(spec).to(cpu());
 * const source = ids([5, 6, 7, 8], [1, 4], model.backend, { limit: 60 });
 * const logits = model.forward(source, ids([1, 9], [1, 2], model.backend, { limit: 60 })); // [1, 2, 60]
 * console.log(model.encode(source).memory.shape); // [ 1, 4, 32 ]
 * ```
 */
export class EncoderDecoder extends Module<[source: Tensor, target: Tensor, input?: EncoderDecoderInput], Tensor> {
  readonly encoder: EmbeddedStack;
  readonly decoder: EmbeddedStack;
  readonly output: Output;

  readonly #spec: EncoderDecoderSpec;
  readonly #tables: { readonly source: Parameter; readonly target: Parameter };

  /** From a checked spec; use `assemble`. */
  constructor(spec: EncoderDecoderSpec, kinds: Kinds, random: Random) {
    super();
    const { encoder, decoder } = sidesOf(spec, kinds, random);
    this.#spec = spec;
    this.#tables = { source: encoder.tokens.table, target: decoder.tokens.table };
    this.encoder = new EmbeddedStack({ ...encoder, norm: encoder.finalNorm });
    this.decoder = new EmbeddedStack({ ...decoder, norm: decoder.finalNorm });
    this.output = outputOf(spec, decoder, random);
  }

  /** The architecture, every default filled in. Its vocabularies are those of now, when they were resized. */
  get spec(): EncoderDecoderSpec {
    const { sourceVocabulary, ...spec } = this.#spec;
    return {
      ...spec,
      vocabulary: this.vocabulary,
      ...(sourceVocabulary !== undefined && { sourceVocabulary: this.sourceVocabulary }),
    };
  }
  /** v of the target. */
  get vocabulary(): number {
    return this.#tables.target.type.shape[0]!;
  }
  /** v of the source. */
  get sourceVocabulary(): number {
    return this.#tables.source.type.shape[0]!;
  }
  /** The most ids of a target. */
  get context(): number {
    return this.#spec.decoder.context;
  }
  /** The most ids of a source. */
  get sourceContext(): number {
    return this.#spec.encoder.context;
  }
  /** Where its parameters live. Throws `BackendError` before `to(backend)`. */
  get backend(): Backend {
    return this.#tables.target.value.backend;
  }

  /**
   * Reads a source i32 [b, s], of which `lengths` i32 [b] count: what can be decoded. Its memory belongs to the active scope, or, outside of one, is
   * given back when the result is disposed.
   */
  encode(source: Tensor, { lengths }: { readonly lengths?: Tensor | undefined } = {}): EncodedSource {
    const read = scoped(() => ({
      memory: this.#memory(source, lengths),
      lengths: lengths && reshape(lengths, lengths.shape),
    }));
    return new EncodedSource(this, read.memory, read.lengths);
  }

  /** The hidden states [b, t, d] of target ids i32 [b, t] with a memory [b, s, d]; `output` makes them logits. */
  decode(target: Tensor, memory: Tensor, { lengths, paddings, sourceMask, cache }: DecodeInput = {}): Tensor {
    return scoped(() => {
      const { context, backend } = this;
      const offset = cache?.length ?? 0;
      const positions = paddings && positionsAfterPadding(paddings, offset + (target.shape[1] ?? 0));
      const masks = [
        causal(),
        ...(lengths === undefined ? [] : [padding(lengths)]),
        ...(paddings === undefined ? [] : [leftPadding(paddings)]),
      ];
      return this.decoder.forward(target, {
        mask: all(...masks),
        extent: extentOf(target, { offset, context, backend, positions }),
        caches: cache?.layers,
        memory,
        memoryMask: sourceMask,
        memoryCaches: cache?.memories,
      });
    });
  }

  protected override compute(source: Tensor, target: Tensor, input: EncoderDecoderInput = {}): Tensor {
    const { sourceLengths, ...others } = input;
    const sourceMask = sourceLengths && padding(sourceLengths);
    const states = this.decode(target, this.#memory(source, sourceLengths), { ...others, sourceMask });
    return this.output.forward(states);
  }

  #memory(source: Tensor, lengths: Tensor | undefined): Tensor {
    const extent = extentOf(source, { offset: 0, context: this.sourceContext, backend: this.backend });
    return this.encoder.forward(source, { mask: lengths && padding(lengths), extent });
  }
}
