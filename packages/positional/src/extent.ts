import { expectSize } from "@tenon/nn";
import { ConfigError, currentScope, segmentScope, ShapeError, type Backend, type Scope } from "@tenon/tensor";

/** What an {@link Extent} is made from. */
export interface ExtentOptions {
  /** How many tokens came before, in a cache. */
  readonly offset: number;
  /** How many tokens this pass has, t. */
  readonly length: number;
  /** Where the tables of the positions are to live: the backend of the tensors that they meet. */
  readonly backend: Backend;
  /**
   * The position of each token so far, those in the cache first: a row of offset + length whole numbers for each sequence of the batch, or one row
   * for all. For sequences that are padded in front, or documents packed into one sequence. Default: 0, 1, 2, …
   */
  readonly positions?: readonly (readonly number[])[] | undefined;
}

/**
 * What one forward pass is about: tokens offset, …, offset + length − 1 of a text, and the position that each is told to have, which is the
 * same number unless `positions` says otherwise. A model makes one for each forward and hands it to every layer, so that what depends on
 * positions alone is built once and not once per layer.
 *
 * Throws `ConfigError` unless offset is a whole number from 0 up and length one from 1 up, and for positions that are no whole numbers from
 * 0 up; `ShapeError` for a row of positions of another length.
 *
 * @example
 * ```ts
 * const position = new SinusoidalPosition({ width: 64 });
 * const extent = new Extent({ offset: 0, length: 128, backend: cpu() });
 * const table = position.embed(extent); // [128, 64]
 * const padded = new Extent({ offset: 0, length: 3, positions: [[0, 1, 2], [0, 0, 1]], backend: cpu() });
 * console.log(padded.end, position.embed(padded).shape); // 3 [ 2, 3, 64 ]
 * ```
 */
export class Extent {
  readonly offset: number;
  readonly length: number;
  readonly backend: Backend;
  /** The position of each token so far, [1 or b][offset + length]; undefined for 0, 1, 2, … */
  readonly positions: readonly (readonly number[])[] | undefined;
  /** All positions of this pass are below: what a table must hold. */
  readonly end: number;
  readonly #scope: Scope | undefined = currentScope();
  readonly #segment: Scope | undefined = segmentScope();
  readonly #built = new WeakMap<Scope, Map<object, Map<string, unknown>>>();

  constructor({ offset, length, backend, positions }: ExtentOptions) {
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw new ConfigError(`Extent: offset must be a whole number from 0 up, got ${offset}`, { offset });
    }
    expectSize("Extent", "length", length);
    if (positions !== undefined) expectPositions(positions, offset + length);
    this.offset = offset;
    this.length = length;
    this.backend = backend;
    this.positions = positions;
    this.end =
      positions === undefined
        ? offset + length
        : 1 +
          this.#own()
            .flat()
            .reduce((a, b) => Math.max(a, b));
  }

  /** The same tokens for a scope of its own: what is built for it belongs to the scope that this is called in. */
  again(): Extent {
    return new Extent(this);
  }

  /** The positions of this pass alone, [1 or b][t]. */
  rows(): readonly (readonly number[])[] {
    if (this.positions !== undefined) return this.#own();
    return [Array.from({ length: this.length }, (_, i) => this.offset + i)];
  }

  #own(): readonly (readonly number[])[] {
    return this.positions!.map((row) => row.slice(this.offset));
  }

  /**
   * What `build` makes, built at the first call for this part (and detail, where it has several things to share) and given again at the later
   * ones. Its tensors belong to the scope that the extent was made in, and so live as long as the extent is of use. An extent that was made
   * outside every scope has nobody to free them, and builds anew at each call.
   *
   * Within `recompute`, around a block or some, it builds once for each run of the body: what is built outside is gone by the time the body runs
   * again, and what the body builds it keeps from others.
   */
  once<T>(part: object, build: () => T, detail = ""): T {
    const segment = segmentScope();
    const scope = segment === this.#segment ? this.#scope : segment;
    if (scope === undefined) return build();
    const parts = this.#built.get(scope) ?? new Map<object, Map<string, unknown>>();
    this.#built.set(scope, parts);
    const built = parts.get(part) ?? new Map<string, unknown>();
    parts.set(part, built);
    if (!built.has(detail)) built.set(detail, scope.run(build));
    return built.get(detail) as T;
  }
}

function expectPositions(positions: readonly (readonly number[])[], tokens: number): void {
  for (const [row, numbers] of positions.entries()) {
    if (numbers.length !== tokens) {
      throw new ShapeError(
        `Extent: row ${row} has ${numbers.length} positions for ${tokens} tokens; give one for each token so far, those in the cache included`,
        { row, positions: numbers.length, tokens },
      );
    }
    const wrong = numbers.find((position) => !Number.isSafeInteger(position) || position < 0);
    if (wrong !== undefined) {
      throw new ConfigError(`Extent: positions must be whole numbers from 0 up, got ${wrong} in row ${row}`, {
        row,
        position: wrong,
      });
    }
  }
  if (positions.length === 0) {
    throw new ShapeError("Extent: positions has no row; give one for each sequence, or one for all", { positions: [] });
  }
}
