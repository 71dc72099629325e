import { KeptMemory } from "@tenon/attention";
import { trace } from "@tenon/nn";
import { ConfigError, iota, less, reshape, scoped, slice, tensor, type Backend, type Tensor } from "@tenon/tensor";

import type { NextTargetInput } from "../encoder-decoder/encoded-source.ts";
import { expectIds, expectRows } from "./expect-ids.ts";
import { RecurrentCache, type RecurrentReading } from "./recurrent-cache.ts";
import type { RecurrentReadouts } from "./recurrent-decoder.ts";
import type { RecurrentTranslator } from "./recurrent-translator.ts";

/**
 * What a recurrent translator says of a source that it has read, from its `encode`. It fits `generate`, `beamSearch` and the other ways of decoding of
 * `@tenon/sampling` as it is, with the start token as the prompt.
 *
 * Those ways go by the ids of a target alone, so they take one source at a time, for as many beams and samples as there are. With several sources, row i
 * of every pass belongs to source i.
 *
 * `next` and `states` throw `ShapeError` when ids are not [b, t] or there is neither one source nor one for each row.
 *
 * @example
 * ```ts
 * const model = await assemble(rnnSearch({ sourceVocabulary: 20, vocabulary: 30, width: 6, hidden: 8 })).to(cpu());
 * using source = model.encode(ids([3, 1, 4], [1, 3], model.backend, { limit: 20 }));
 * using cache = source.cache();
 * const logits = source.next(ids([1], [1, 1], model.backend, { limit: 30 }), cache);
 * console.log(logits.shape, source.attention!(cache).shape); // [ 1, 30 ] [ 1, 3 ]
 * ```
 */
export class RecurrentSource {
  readonly model: RecurrentTranslator;
  /** With which weights [b, s] the last id of the latest pass looked at the source. Only where the model has an attention. */
  readonly attention?: (cache: RecurrentCache) => Tensor;
  readonly #kept: KeptMemory = new KeptMemory();

  /** Use `encode` of the model. */
  constructor(model: RecurrentTranslator, read: () => RecurrentReading) {
    this.model = model;
    if (model.attention !== undefined) this.attention = patternOf;
    this.#kept.once(read);
  }

  /** v of the target. */
  get vocabulary(): number {
    return this.model.vocabulary;
  }
  /** A target may be of any length: the state does not grow. */
  get context(): number {
    return Infinity;
  }
  get backend(): Backend {
    return this.model.backend;
  }
  /** Beginnings of different lengths can go on together: `next` heeds `paddings`. */
  get padded(): boolean {
    return true;
  }

  /** A cache before the first id. Whoever asks for it disposes it. */
  cache(): RecurrentCache {
    return new RecurrentCache(this.#kept.fork());
  }

  /** Appends ids i32 [b, t] to the cache and gives the logits [b, v] after the last. */
  next(ids: Tensor, cache: RecurrentCache, input: NextTargetInput = {}): Tensor {
    return scoped(() => {
      const readouts = this.states(ids, cache, input);
      const [b, t, l] = readouts.shape as [number, number, number];
      return this.logits(reshape(slice(readouts, 1, t - 1, 1), [b, l])); // [b, 1, l] → [b, l]
    });
  }

  /** Appends ids i32 [b, t] to the cache and gives what the logits after each are made from, [b, t, l]: `logits` goes on from it. */
  states(ids: Tensor, cache: RecurrentCache, { paddings }: NextTargetInput = {}): Tensor {
    expectIds("target", ids, "t");
    const [b, t] = ids.shape as [number, number];
    if (cache.rows === 1 && b > 1) cache.select(new Array<number>(b).fill(0));
    expectRows(ids, cache.rows);
    return scoped(() => {
      const { reading, place } = cache;
      const { readouts, state, pattern } = this.#watched(() =>
        this.model.decoder.forward(ids, {
          state: place?.state ?? reading.begin,
          look: this.model.look(reading),
          within: afterPadding(paddings, cache.length, t, ids.backend),
        }),
      );
      cache.advance(t, { state, ...(pattern && { pattern }) });
      return readouts;
    });
  }

  /** Readouts […, l] → logits […, v]. */
  logits(readouts: Tensor): Tensor {
    return this.model.decoder.output.forward(readouts);
  }

  [Symbol.dispose](): void {
    this.#kept[Symbol.dispose]();
  }

  /** A pass, and how its last token looked at the source, [b, s]. */
  #watched(pass: () => RecurrentReadouts): RecurrentReadouts & { readonly pattern?: Tensor } {
    const { attention } = this.model;
    if (attention === undefined) return pass();
    const { output, taps } = trace(attention, ["pattern"], pass);
    const last = taps["pattern"]!.at(-1)!; // [b, 1, 1, s]
    return { ...output, pattern: reshape(last, [last.shape[0]!, last.shape[3]!]) };
  }
}

function patternOf({ place }: RecurrentCache): Tensor {
  if (place?.pattern !== undefined) return reshape(place.pattern, place.pattern.shape);
  throw new ConfigError(
    "attention() is about the latest pass, and there was none since the cache was made or cropped; call next() or states() first",
  );
}

/** Which of t ids after the first `offset` are no padding, bool [b, t, 1]; undefined where all are. */
function afterPadding(
  paddings: readonly number[] | undefined,
  offset: number,
  t: number,
  on: Backend,
): Tensor | undefined {
  if (paddings === undefined || paddings.every((padding) => padding <= offset)) return undefined;
  const b = paddings.length;
  const last = paddings.map((padding) => padding - 1);
  return reshape(less(tensor(last, [b, 1], on, "i32"), iota(t, offset, on)), [b, t, 1]);
}
