import { div, maximum, mul, sqrt, sum, type Tensor } from "@tenon/tensor";

import { expectPositive, expectSize } from "./check-options.ts";
import { Module } from "./module.ts";
import { normed } from "./norm-scale.ts";
import { Parameter } from "./parameter.ts";

/** How a {@link ScaleNorm} differs from the usual. */
export interface ScaleNormOptions {
  /** The smallest length that x is divided by, so that a row of zeros divides by no zero. Default 1e-5. */
  readonly epsilon?: number | undefined;
}

/**
 * Normalisation to a length: y = g · x / max(‖x‖, ε) over the last axis, x […, d] → […, d], with a single learned number g, the `weight`
 * [1]. It begins at √d, the length that a row of d numbers of variance 1 has.
 *
 * Tap: `scale` […, 1], the 1 / max(‖x‖, ε) that x is multiplied by. Put one that was traced in its place, and the norm is frozen.
 *
 * Throws `ConfigError` for a width that is no whole number from 1 up or an epsilon that is not above 0; `forward` throws
 * `ShapeError` when x does not end with the width.
 *
 * Nguyen and Salazar 2019, "Transformers without tears: improving the normalization of self-attention".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const norm = await new ScaleNorm(4).to(on);
 * console.log(await norm.forward(tensor([3, 4, 0, 0], [1, 4], on)).read()); // Float32Array(4) [ 1.2000000476837158, 1.600000023841858, 0, 0 ]
 * ```
 */
export class ScaleNorm extends Module<[x: Tensor], Tensor> {
  readonly weight: Parameter;
  readonly epsilon: number;
  readonly width: number;

  constructor(width: number, { epsilon = 1e-5 }: ScaleNormOptions = {}) {
    super();
    expectSize("ScaleNorm", "width", width);
    expectPositive("ScaleNorm", "epsilon", epsilon);
    this.weight = new Parameter([1], () => Float32Array.of(Math.sqrt(width)));
    this.epsilon = epsilon;
    this.width = width;
  }

  protected override compute(x: Tensor): Tensor {
    // The bound is set before the root, whose gradient at 0 is infinite.
    const square = maximum(sum(mul(normed("ScaleNorm", this.width, x), x), -1, { keepDims: true }), this.epsilon ** 2);
    const scale = this.tap("scale", div(1, sqrt(square)));
    return mul(x, mul(scale, this.weight.value));
  }
}
