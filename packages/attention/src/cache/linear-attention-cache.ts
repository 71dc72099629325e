import { ConfigError, ShapeError, type Tensor, type Variable } from "@tenon/tensor";

import type { AttentionCache } from "./attention-cache.ts";
import { room, selected, shared, write } from "./kept.ts";

/** What linear attention knows of all positions before. */
export interface LinearState {
  /** Σ φ(k) ⊗ v: [b, h, n, k]. */
  readonly sums: Tensor;
  /** Σ φ(k): [b, h, n, 1]. */
  readonly norms: Tensor;
}

/**
 * What a `LinearAttention` remembers: two sums over all positions, which do not grow with them. A sum cannot be taken apart again: it is cropped
 * to nothing, or not at all. For inference: what is cached has no gradient.
 *
 * `crop` throws `ConfigError` for any length but 0 and the present one, `select` for a row that there is not; a pass throws `GradientError` where it is
 * differentiated.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const attention = await new LinearAttention({ width: 8, heads: 2, causal: true, random: random(1) }).to(on);
 * using cache = new LinearAttentionCache();
 * attention.forward(zeros([1, 5, 8], on), { cache }); // the prompt
 * attention.forward(zeros([1, 1, 8], on), { cache }); // the next token
 * console.log(cache.length, cache.capacity); // 6 Infinity
 * ```
 */
export class LinearAttentionCache implements AttentionCache {
  readonly capacity: number = Infinity;
  #length = 0;
  #kept: { readonly sums: Variable; readonly norms: Variable } | undefined;

  get length(): number {
    return this.#length;
  }

  /** The sums so far, for a pass over `batch` sequences: the cache's own, to be read and not to be freed. Throws `ShapeError` for another batch. */
  before(batch: number): LinearState | undefined {
    if (this.#kept === undefined) return undefined;
    const { sums, norms } = this.#kept;
    const [holds] = sums.type.shape;
    if (holds !== batch) {
      throw new ShapeError(
        `LinearAttentionCache: it holds ${holds} sequences, got ${batch}. Each batch and each layer needs a cache of its own.`,
        { holds, batch },
      );
    }
    return { sums: sums.value, norms: norms.value };
  }

  /** Takes the sums after `positions` more over. */
  advance(positions: number, { sums, norms }: LinearState): void {
    const kept = this.#kept ?? { sums: room(sums.type, sums.backend), norms: room(norms.type, norms.backend) };
    try {
      write("LinearAttentionCache", kept.sums, sums, 0, 0);
      write("LinearAttentionCache", kept.norms, norms, 0, 0);
    } catch (error) {
      if (this.#kept === undefined) for (const variable of Object.values(kept)) variable[Symbol.dispose](); // nobody else knows of them
      throw error;
    }
    this.#kept = kept;
    this.#length += positions;
  }

  crop(length: number): void {
    if (length === this.#length) return;
    if (length !== 0) {
      throw new ConfigError(
        `LinearAttentionCache: it holds ${this.#length} positions as one sum, and cannot be cropped to ${length}; fork() it at the place to return to, or reset() it`,
        { length: this.#length, wanted: length },
      );
    }
    this.reset();
  }

  select(rows: readonly number[]): void {
    if (this.#kept === undefined) return;
    const { sums, norms } = this.#kept;
    const select = (variable: Variable): Variable => selected("LinearAttentionCache", variable, rows);
    this.#kept = { sums: select(sums), norms: select(norms) };
  }

  fork(): LinearAttentionCache {
    const other = new LinearAttentionCache();
    other.#length = this.#length;
    other.#kept = this.#kept && { sums: shared(this.#kept.sums), norms: shared(this.#kept.norms) };
    return other;
  }

  reset(): void {
    this.#kept?.sums[Symbol.dispose]();
    this.#kept?.norms[Symbol.dispose]();
    this.#kept = undefined;
    this.#length = 0;
  }

  [Symbol.dispose](): void {
    this.reset();
  }
}
