import { expectPositive, type Parameter } from "@tenon/nn";
import { add, ConfigError, div, maximum, mul, scoped, sqrt, sum, type Tensor } from "@tenon/tensor";

import type { Gradients } from "./optimiser.ts";

/** Gradients after clipping, and the norm that they had before. */
export interface Clipped {
  readonly gradients: Map<Parameter, Tensor>;
  /** Before clipping, []. */
  readonly norm: Tensor;
}

/**
 * The Euclidean norm of all gradients taken as one vector, √Σ g², []. Computed where the gradients live; nothing is read.
 * Throws `ConfigError` when there are none.
 *
 * @example
 * ```ts
 * const gradient = tensor([3, 4], [2], cpu());
 * const norm = globalNorm(new Map([[new Parameter([2], ones), gradient]]));
 * console.log(await norm.read()); // Float32Array(1) [ 5 ]
 * ```
 */
export function globalNorm(gradients: Gradients): Tensor {
  if (gradients.size === 0) throw new ConfigError("the norm of no gradients at all was asked for");
  return scoped(() => {
    const squares = Array.from(gradients.values(), (gradient) => sum(mul(gradient, gradient)));
    return sqrt(squares.reduce((total, square) => add(total, square)));
  });
}

/**
 * Scales all gradients by limit / max(norm, limit), so that their norm taken together is at most `limit` and their direction
 * stays. Gradients within the limit keep every bit. Computed where the gradients live; nothing is read. What it returns
 * is new and belongs to the active scope; the gradients that came in stay the caller's.
 *
 * A norm that is not finite gives gradients that are 0 or not finite: read it before using them, as `train` does.
 *
 * Throws `ConfigError` unless the limit is a finite number above 0 and there are gradients.
 *
 * Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks".
 *
 * @example
 * ```ts
 * const parameter = new Parameter([2], ones);
 * const { gradients, norm } = clipByGlobalNorm(new Map([[parameter, tensor([3, 4], [2], cpu())]]), 2.5);
 * console.log(await norm.read()); // Float32Array(1) [ 5 ]
 * console.log(await gradients.get(parameter)!.read()); // Float32Array(2) [ 1.5, 2 ]
 * ```
 */
export function clipByGlobalNorm(gradients: Gradients, limit: number): Clipped {
  expectPositive("clipByGlobalNorm", "limit", limit);
  const { clipped, norm } = scoped(() => {
    const norm = globalNorm(gradients);
    const factor = div(limit, maximum(norm, limit));
    return { norm, clipped: Array.from(gradients.values(), (gradient) => mul(gradient, factor)) };
  });
  return { gradients: new Map(Array.from(gradients.keys(), (parameter, i) => [parameter, clipped[i]!])), norm };
}
