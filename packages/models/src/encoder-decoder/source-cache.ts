import { KeptMemory, type AttentionCache } from "@tenon/attention";
import type { Tensor } from "@tenon/tensor";

/**
 * What the decoder of an encoder–decoder remembers of one batch: of its own ids what each layer's attention does, and of the source what each layer's
 * cross-attention has made of it. `EncodedSource.cache` makes one; dispose it to give the memory back.
 *
 * @example
 * ```ts
 * const spec = transformer({ vocabulary: 9, context: 16, width: 8, layers: 2, heads: 2, hidden: 16 });
 * const model = await assemble(spec).to(cpu());
 * const encoded = model.encode(ids([5, 6, 7], [1, 3], model.backend, { limit: 9 }));
 * using cache = encoded.cache();
 * const first = encoded.next(ids([1], [1, 1], model.backend, { limit: 9 }), cache); // [1, 9]
 * const second = encoded.next(ids([4], [1, 1], model.backend, { limit: 9 }), cache); // the source is not looked at again, only what is kept of it
 * console.log(cache.length, second.shape); // 2 [ 1, 9 ]
 * ```
 */
export class SourceCache {
  readonly layers: readonly AttentionCache[];
  /** What is kept of the source, one for each layer. */
  readonly memories: readonly KeptMemory[];
  readonly #source: KeptMemory;
  #latest: Latest | undefined;

  /** From caches of one kind each, one for each layer; `EncodedSource.cache` makes those that fit. */
  constructor(
    layers: readonly AttentionCache[],
    memories: readonly KeptMemory[] = layers.map(() => new KeptMemory()),
    source: KeptMemory = new KeptMemory(),
  ) {
    this.layers = layers;
    this.memories = memories;
    this.#source = source;
  }

  /** How many ids of the target it holds. */
  get length(): number {
    return this.layers[0]!.length;
  }

  /** The source of each row as it was at the first pass, which `make` gives; the rows go with those of the target. */
  source(make: () => SourceRows): SourceRows {
    const { memory, lengths } = this.#source.once(() => {
      const made = make();
      return { memory: made.memory, ...(made.lengths && { lengths: made.lengths }) };
    });
    return { memory: memory!, lengths };
  }

  /** The last id of each row and how many of a row are padding, as the latest pass had them; undefined once the cache has changed since. */
  get latest(): Latest | undefined {
    return this.#latest;
  }
  /** Remembers ids i32 [b, 1] of its own. */
  remember(ids: Tensor, paddings: readonly number[] | undefined): void {
    this.#forgetLatest();
    this.#latest = { ids: ids.backend.share(ids, ids.type), paddings };
  }

  /** Forgets all but the first `length` ids of the target. Throws `ConfigError` where a layer cannot. */
  crop(length: number): void {
    this.#forgetLatest();
    for (const layer of this.layers) layer.crop(length);
  }
  /** Keeps these rows of the batch, in this order; one may come several times. Throws `ConfigError` for a row that there is not. */
  select(rows: readonly number[]): void {
    this.#forgetLatest();
    for (const each of [...this.layers, ...this.memories, this.#source]) each.select(rows);
  }
  /** Another cache that holds the same; from here on each goes its own way. */
  fork(): SourceCache {
    return new SourceCache(
      this.layers.map((layer) => layer.fork()),
      this.memories.map((memory) => memory.fork()),
      this.#source.fork(),
    );
  }
  /** Forgets target and source, and keeps the room. */
  reset(): void {
    this.#forgetLatest();
    for (const each of [...this.layers, ...this.memories, this.#source]) each.reset();
  }
  [Symbol.dispose](): void {
    this.#forgetLatest();
    for (const each of [...this.layers, ...this.memories, this.#source]) each[Symbol.dispose]();
  }

  #forgetLatest(): void {
    this.#latest?.ids[Symbol.dispose]();
    this.#latest = undefined;
  }
}

/** What is known of the sources, row by row. */
export interface SourceRows {
  /** [b, s, d] */
  readonly memory: Tensor;
  /** How many positions count, i32 [b]; undefined for all. */
  readonly lengths: Tensor | undefined;
}

interface Latest {
  readonly ids: Tensor;
  readonly paddings: readonly number[] | undefined;
}
