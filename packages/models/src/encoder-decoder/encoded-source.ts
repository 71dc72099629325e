import { padding } from "@tenon/attention";
import { trace } from "@tenon/nn";
import {
  ConfigError,
  expand,
  mean,
  reshape,
  scoped,
  ShapeError,
  slice,
  type Backend,
  type Tensor,
} from "@tenon/tensor";

import type { EncoderDecoder } from "./encoder-decoder.ts";
import { SourceCache, type SourceRows } from "./source-cache.ts";

/** What comes with new ids for a cache. */
export interface NextTargetInput {
  /** How many ids at the front of each row are padding, the same for the whole life of a cache. Default: none. */
  readonly paddings?: readonly number[] | undefined;
}

/**
 * The decoder of an encoder–decoder with a source that has been read, from `EncoderDecoder.encode`: what goes on from a beginning of the target. It fits
 * `generate`, `beamSearch` and the other ways of decoding of `@tenon/sampling` as it is, with the start token as the prompt.
 *
 * Those ways go by the ids of a target alone, so they take one source at a time, for as many beams and samples as there are. With several sources, row i
 * of every pass belongs to source i.
 *
 * `next` and `states` throw `ConfigError` when there are more ids than the decoder's context holds, and `ShapeError` when ids are not [b, t] or there
 * is neither one source nor one for each row.
 *
 * @example
 * ```ts
 * const spec = transformer({ vocabulary: 9, context: 16, width: 8, layers: 2, heads: 2, hidden: 16 });
 * const model = await assemble(spec, { seed: 1 }).to(cpu());
 * using encoded = model.encode(ids([5, 6, 7], [1, 3], model.backend, { limit: 9 }));
 * using cache = encoded.cache();
 * const logits = encoded.next(ids([1], [1, 1], model.backend, { limit: 9 }), cache);
 * console.log(logits.shape, encoded.attention(cache).shape); // [ 1, 9 ] [ 1, 3 ]
 * ```
 */
export class EncodedSource {
  readonly model: EncoderDecoder;
  /** What the encoder made of the source, [b, s, d]. */
  readonly memory: Tensor;
  /** How many positions of each source count, i32 [b]; undefined for all. */
  readonly lengths: Tensor | undefined;

  /** Use `EncoderDecoder.encode`. */
  constructor(model: EncoderDecoder, memory: Tensor, lengths: Tensor | undefined) {
    this.model = model;
    this.memory = memory;
    this.lengths = lengths;
  }

  /** v of the target. */
  get vocabulary(): number {
    return this.model.vocabulary;
  }
  /** The most ids of a target. */
  get context(): number {
    return this.model.context;
  }
  get backend(): Backend {
    return this.model.backend;
  }
  /** Beginnings of different lengths can go on together: `next` heeds `paddings`. */
  get padded(): boolean {
    return true;
  }

  /** An empty cache for one batch, with room for `capacity` ids. Whoever asks for it disposes it. */
  cache(capacity: number = this.context): SourceCache {
    return new SourceCache(this.model.decoder.blocks.newCaches(capacity));
  }

  /** Appends ids i32 [b, t] to the cache and gives the logits [b, v] after the last. */
  next(ids: Tensor, cache: SourceCache, input: NextTargetInput = {}): Tensor {
    return scoped(() => {
      const x = this.states(ids, cache, input);
      const [b, t, d] = x.shape as [number, number, number];
      return this.logits(reshape(slice(x, 1, t - 1, 1), [b, d])); // [b, 1, d] → [b, d]
    });
  }

  /** Appends ids i32 [b, t] to the cache and gives their hidden states [b, t, d], the tap `decoder.final`; `logits` goes on from them. */
  states(ids: Tensor, cache: SourceCache, { paddings }: NextTargetInput = {}): Tensor {
    return scoped(() => {
      const { memory, lengths } = cache.source(() => this.#rowsFor(ids));
      const x = this.model.decode(ids, memory, { paddings, cache, sourceMask: lengths && padding(lengths) });
      cache.remember(slice(ids, 1, ids.shape[1]! - 1, 1), paddings);
      return x;
    });
  }

  /** Hidden states […, d] → logits […, v]. */
  logits(states: Tensor): Tensor {
    return this.model.output.forward(states);
  }

  /**
   * With which weights [b, s] the last id of the latest pass looked at the source, in the last layer and on average over its heads. It is shown to the
   * decoder once more for that. Throws `ConfigError` where there was no pass since the cache has changed otherwise.
   */
  attention(cache: SourceCache): Tensor {
    const { latest } = cache;
    if (latest === undefined) {
      throw new ConfigError(
        "attention() is about the latest pass, and there was none since the cache was made, cropped, selected or forked; call next() or states() first",
      );
    }
    return scoped(() => {
      const { paddings } = latest;
      const ids = reshape(latest.ids, latest.ids.shape);
      cache.crop(cache.length - 1);
      const { decoder } = this.model;
      const blocks = [...decoder.blocks];
      // A block that several layers share is named for the first of them, and passed by all.
      const pattern = `blocks.${blocks.indexOf(blocks.at(-1)!)}.crossAttention.pattern`;
      const { taps } = trace(decoder, [pattern], () => this.states(ids, cache, { paddings }));
      const looks = taps[pattern]!.at(-1)!; // [b, h, 1, s]
      return reshape(mean(looks, 1), [looks.shape[0]!, looks.shape[3]!]);
    });
  }

  [Symbol.dispose](): void {
    this.memory[Symbol.dispose]();
    this.lengths?.[Symbol.dispose]();
  }

  /** The source of each row. */
  #rowsFor({ shape }: Tensor): SourceRows {
    const [sources] = this.memory.shape;
    const rows = shape[0]!;
    if (sources !== 1 && sources !== rows) {
      throw new ShapeError(
        `${sources} sources for ${rows} ${rows === 1 ? "target" : "targets"}: row i of a target belongs to source i. Ways of decoding that go by the ids of a target alone, as generate and beamSearch do, take one source at a time; encode each by itself.`,
        { sources, ids: shape },
      );
    }
    const forRows = (x: Tensor): Tensor => (x.shape[0] === rows ? x : expand(x, [rows, ...x.shape.slice(1)]));
    return { memory: forRows(this.memory), lengths: this.lengths && forRows(this.lengths) };
  }
}
