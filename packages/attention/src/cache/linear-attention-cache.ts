import {
  ConfigError,
  gather,
  GradientError,
  isTenonError,
  reshape,
  scoped,
  ShapeError,
  sizeOf,
  tensor,
  Variable,
  writeSliceOp,
  zeros,
  type Tensor,
} from "@tenon/tensor";

import type { AttentionCache } from "./attention-cache.ts";

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
  #sums: Variable | undefined;
  #norms: Variable | undefined;

  get length(): number {
    return this.#length;
  }

  /** The sums so far, for a pass over `batch` sequences: the cache's own, to be read and not to be freed. Throws `ShapeError` for another batch. */
  before(batch: number): LinearState | undefined {
    const state = this.#state();
    if (state !== undefined && state.sums.shape[0] !== batch) {
      throw new ShapeError(
        `LinearAttentionCache: it holds ${state.sums.shape[0]} sequences, got ${batch}. Each batch and each layer needs a cache of its own.`,
        { holds: state.sums.shape[0], batch },
      );
    }
    return state;
  }

  /** Takes the sums after `positions` more over. */
  advance(positions: number, { sums, norms }: LinearState): void {
    this.#sums = written(this.#sums, sums);
    this.#norms = written(this.#norms, norms);
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
    const state = this.#state();
    if (state === undefined) return;
    const batch = state.sums.shape[0]!;
    const wrong = rows.find((row) => !Number.isSafeInteger(row) || row < 0 || row >= batch);
    if (wrong !== undefined || rows.length === 0) {
      throw new ConfigError(`LinearAttentionCache: rows must be some of 0 to ${batch - 1}, got ${wrong ?? "none"}`, {
        rows,
        batch,
      });
    }
    const { sums, norms } = scoped(() => {
      const places = tensor(rows, [rows.length], state.sums.backend, "i32");
      const chosen = (x: Tensor): Tensor => {
        const [, ...rest] = x.shape;
        return reshape(gather(reshape(x, [batch, sizeOf(rest)]), places), [rows.length, ...rest]);
      };
      return { sums: chosen(state.sums), norms: chosen(state.norms) };
    });
    this.#sums?.[Symbol.dispose]();
    this.#norms?.[Symbol.dispose]();
    this.#sums = Variable.holding(sums);
    this.#norms = Variable.holding(norms);
  }

  fork(): LinearAttentionCache {
    const other = new LinearAttentionCache();
    const state = this.#state();
    if (state === undefined) return other;
    const [sums, norms] = [state.sums, state.norms].map((x) => Variable.holding(x.backend.share(x, x.type)));
    other.#sums = sums;
    other.#norms = norms;
    other.#length = this.#length;
    return other;
  }

  reset(): void {
    this.#sums?.[Symbol.dispose]();
    this.#norms?.[Symbol.dispose]();
    this.#sums = undefined;
    this.#norms = undefined;
    this.#length = 0;
  }

  [Symbol.dispose](): void {
    this.reset();
  }

  #state(): LinearState | undefined {
    return this.#sums && { sums: this.#sums.value, norms: this.#norms!.value };
  }
}

/** x in place of what the variable holds. Throws `GradientError` where x is being differentiated: the next pass could not go on from it. */
function written(variable: Variable | undefined, x: Tensor): Variable {
  const into = variable ?? Variable.holding(zeros(x.shape, x.backend, x.dtype));
  try {
    Variable.update(writeSliceOp, [into], [x], { axis: 0, start: 0 });
  } catch (cause) {
    if (variable === undefined) into[Symbol.dispose](); // nobody else knows of it
    if (!isTenonError(cause, "GradientError")) throw cause;
    throw new GradientError(
      "LinearAttentionCache: a cache is for inference, since what is cached has no gradient; leave it out within valueAndGrad()",
      { part: "LinearAttentionCache" },
      { cause },
    );
  }
  return into;
}
