import { expectSize } from "@tenon/nn";
import { ConfigError, currentScope, type Backend, type Scope } from "@tenon/tensor";

/** What an {@link Extent} is made from. */
export interface ExtentOptions {
  /** Position of the first token: how many came before it, in a cache. */
  readonly offset: number;
  /** How many tokens. */
  readonly length: number;
  /** Where the tables of the positions are to live: the backend of the tensors that they meet. */
  readonly backend: Backend;
}

/**
 * The stretch of positions that one forward pass is about: offset, …, offset + length − 1. A model makes one for each forward and
 * hands it to every layer, so that what depends on positions alone is built once and not once per layer.
 *
 * Throws `ConfigError` unless offset is a whole number from 0 up and length one from 1 up.
 *
 * @example
 * ```ts
 * const position = new SinusoidalPosition({ width: 64 });
 * const extent = new Extent({ offset: 0, length: 128, backend: cpu() });
 * const table = position.embed(extent); // [128, 64]
 * ```
 */
export class Extent {
  readonly offset: number;
  readonly length: number;
  readonly backend: Backend;
  readonly #scope: Scope | undefined = currentScope();
  readonly #built = new Map<object, unknown>();

  constructor({ offset, length, backend }: ExtentOptions) {
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new ConfigError(`Extent: offset must be a whole number from 0 up, got ${offset}`, { offset });
    }
    expectSize("Extent", "length", length);
    this.offset = offset;
    this.length = length;
    this.backend = backend;
  }

  /**
   * What `build` makes, built at the first call for this key and shared by the later ones. Its tensors belong to the scope that
   * the extent was made in, and so live as long as the extent is of use. An extent that was made outside every scope has nobody
   * to free them, and builds anew at each call.
   */
  once<T>(key: object, build: () => T): T {
    if (this.#scope === undefined) return build();
    if (!this.#built.has(key)) this.#built.set(key, this.#scope.run(build));
    return this.#built.get(key) as T;
  }
}
