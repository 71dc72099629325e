import { KeptMemory, type Projected } from "@tenon/attention";
import { BackendError, ConfigError, type Tensor } from "@tenon/tensor";

/** What a recurrent model knows of its sources, each [b, …]: the state `begin` that it begins in, and whatever it looks at later. */
export type RecurrentReading = Projected & { readonly begin: Tensor };

/** Where it is after some tokens: its state [b, n], and how the last token looked at the source, [b, s]. */
export type RecurrentPlace = Projected & { readonly state: Tensor; readonly pattern?: Tensor };

/**
 * What a recurrent model remembers of one batch: what it read of the sources, and its state, which does not grow. A state cannot be taken apart: it is
 * cropped to nothing, or not at all, and `fork` keeps a place to return to. For inference: what is cached has no gradient.
 *
 * `crop` throws `ConfigError` for any length but 0 and the present one, `select` for a row that there is not.
 *
 * @example
 * ```ts
 * const sizes = { sourceVocabulary: 20, vocabulary: 30, width: 6, hidden: 8 };
 * const model = await assemble(rnnSearch(sizes)).to(cpu());
 * using source = model.encode(ids([3, 1, 4], [1, 3], model.backend, { limit: 20 }));
 * using cache = source.cache();
 * const first = source.next(ids([1], [1, 1], model.backend, { limit: 30 }), cache); // [1, 30]
 * console.log(cache.length, cache.rows); // 1 1
 * ```
 */
export class RecurrentCache {
  readonly #sources: KeptMemory;
  #place: KeptMemory | undefined;
  #length: number;

  /** From what was read of the sources, and where it is after `length` tokens; `RecurrentSource.cache` makes one. */
  constructor(sources: KeptMemory, place?: KeptMemory, length = 0) {
    this.#sources = sources;
    this.#place = place;
    this.#length = length;
  }

  /** How many tokens it has seen. */
  get length(): number {
    return this.#length;
  }
  /** b: how many sequences it holds. */
  get rows(): number {
    return this.reading.begin.shape[0]!;
  }
  /** What was read of the sources. The cache's own: to be read and not to be freed. */
  get reading(): RecurrentReading {
    return this.#sources.once(disposed) as RecurrentReading;
  }
  /** Where it is now; undefined before the first token. The cache's own. */
  get place(): RecurrentPlace | undefined {
    return this.#place?.once(disposed) as RecurrentPlace | undefined;
  }

  /** Takes over where it is after so many more tokens. */
  advance(tokens: number, place: RecurrentPlace): void {
    const kept = new KeptMemory();
    kept.once(() => place);
    this.#place?.[Symbol.dispose]();
    this.#place = kept;
    this.#length += tokens;
  }
  /** Forgets all tokens, where the length is 0. */
  crop(length: number): void {
    if (length === this.#length) return;
    if (length !== 0) {
      throw new ConfigError(
        `RecurrentCache: it holds ${this.#length} tokens as one state, and cannot be cropped to ${length}; fork() it at the place to return to`,
        { length: this.#length, wanted: length },
      );
    }
    this.#place?.[Symbol.dispose]();
    this.#place = undefined;
    this.#length = 0;
  }
  /** Keeps these rows of the batch, in this order; one may come several times. */
  select(rows: readonly number[]): void {
    this.#sources.select(rows);
    this.#place?.select(rows);
  }
  /** Another cache that holds the same; from here on each goes its own way. */
  fork(): RecurrentCache {
    return new RecurrentCache(this.#sources.fork(), this.#place?.fork(), this.#length);
  }
  [Symbol.dispose](): void {
    this.#sources[Symbol.dispose]();
    this.#place?.[Symbol.dispose]();
    this.#place = undefined;
  }
}

/** What was kept is there, unless it was given back. */
function disposed(): never {
  throw new BackendError("RecurrentCache: this cache is disposed; make another one with cache() of the source");
}
