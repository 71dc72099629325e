import type { AttentionCache } from "@tenon/attention";

/**
 * What a decoder remembers of one batch: what the attention of every layer does. It takes its memory at the first use; dispose it to give
 * that back.
 *
 * @example
 * ```ts
 * const model = await assemble(gpt({ vocabulary: 65, context: 64, width: 128, layers: 4, heads: 4 })).to(cpu());
 * using cache = model.cache();
 * const first = model.next(ids([1, 2, 3], [1, 3], model.backend, { limit: 65 }), cache); // the prompt → [1, 65]
 * const second = model.next(ids([4], [1, 1], model.backend, { limit: 65 }), cache); // one more token, which sees the prompt, too
 * ```
 */
export class DecoderCache {
  readonly layers: readonly AttentionCache[];

  /** One cache for each layer; `Decoder.cache` makes those that its attention takes. */
  constructor(layers: readonly AttentionCache[]) {
    this.layers = layers;
  }
  /** How many positions it holds. */
  get length(): number {
    return this.layers[0]!.length;
  }
  /** Forgets all but the first `length` positions. Throws `ConfigError` where a layer cannot. */
  crop(length: number): void {
    for (const layer of this.layers) layer.crop(length);
  }
  /** Keeps these rows of the batch, in this order; one may come several times. Throws `ConfigError` for a row that there is not. */
  select(rows: readonly number[]): void {
    for (const layer of this.layers) layer.select(rows);
  }
  /** Another cache that holds the same; from here on each goes its own way. */
  fork(): DecoderCache {
    return new DecoderCache(this.layers.map((layer) => layer.fork()));
  }
  /** Forgets every position and keeps the room. */
  reset(): void {
    for (const layer of this.layers) layer.reset();
  }
  [Symbol.dispose](): void {
    for (const layer of this.layers) layer[Symbol.dispose]();
  }
}
