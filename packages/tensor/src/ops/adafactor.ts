import { ShapeError } from "../errors.ts";
import type { Update } from "../op.ts";
import { sameShape, show, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { maximum } from "./maximum.ts";
import { mean } from "./mean.ts";
import { expectDType } from "./operand.ts";
import { sqrt } from "./pointwise.ts";
import { reshape } from "./reshape.ts";
import { expectAlike } from "./update-type.ts";

/**
 * `step` counts from 1; `exponent` says how fast the means grow longer; `limit` is d, the largest root mean square of an update;
 * `relative` whether the rate is a share of the parameter's root mean square, which counts as `floor` (ε₂) at least; `epsilon` is ε₁.
 */
export type AdafactorAttrs = {
  rate: number;
  step: number;
  exponent: number;
  epsilon: number;
  limit: number;
  relative: boolean;
  floor: number;
  decay: number;
};

/** The shapes of the two factors of the second moment of a parameter: […, m, n] → […, m] and […, n]. A vector counts as [n, 1]. */
function factorShapes(shape: Shape): { rows: Shape; columns: Shape } {
  const matrix = asMatrix(shape);
  return { rows: matrix.slice(0, -1), columns: [...matrix.slice(0, -2), matrix.at(-1)!] };
}
const asMatrix = (shape: Shape): Shape => (shape.length >= 2 ? shape : [shape[0] ?? 1, 1]);

/**
 * One step of Adafactor on a parameter p […, m, n] with the row means r […, m] and the column means c […, n] of its squared gradient, and
 * its gradient g […, m, n], all f32, → p, r, c. Run by {@link Variable.update}. With β = 1 − step^(−exponent) and s = g² + ε₁:
 *
 * r ← β r + (1 − β) mean of s over a row, c ← β c + (1 − β) mean of s over a column, v = r cᵀ / mean(r), u = g / √v,
 * p ← p − α · decay · p − α · u / max(1, RMS(u) / limit), where α is the rate, times max(floor, RMS(p)) when it is relative.
 *
 * A vector [n] counts as [n, 1] and a number as [1, 1]; their v is then the mean of s itself, as the paper has it. Throws `DTypeError` for another
 * dtype and `ShapeError` where shapes do not fit.
 *
 * Gradient: none.
 *
 * Shazeer and Stern 2018, "Adafactor: adaptive learning rates with sublinear memory cost", algorithms 4 and 5.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [p, r, c] = [[2, 1], [2], [1]].map((shape) => Variable.holding(zeros(shape, on)));
 * const attrs = { rate: 0.5, step: 1, exponent: 0.8, epsilon: 1e-30, limit: 1, relative: false, floor: 1e-3, decay: 0 };
 * Variable.update(adafactorOp, [p!, r!, c!], [tensor([4, -4], [2, 1], on)], attrs);
 * console.log(await p!.value.read()); // Float32Array(2) [ -0.5, 0.5 ]
 * ```
 */
export const adafactorOp: Update<
  [p: Tensor, r: Tensor, c: Tensor, g: Tensor],
  AdafactorAttrs,
  readonly [p: Tensor, r: Tensor, c: Tensor]
> = {
  kind: "update",
  name: "adafactor",
  gradient: null,
  dynamic: ["rate", "step"],
  infer: ([p, r, c, g]) => {
    expectAlike("adafactor", { p, g });
    const { rows, columns } = factorShapes(p.shape);
    for (const [name, x, shape] of [["r", r, rows] as const, ["c", c, columns] as const]) {
      expectDType("adafactor", x, "f32", name);
      if (!sameShape(x.shape, shape))
        throw new ShapeError(
          `adafactor: ${name} ${show(x.shape)} must be ${show(shape)} for a parameter ${show(p.shape)}`,
          {
            parameter: p.shape,
            [name]: x.shape,
          },
        );
    }
    return [p, r, c];
  },
  compose: ([p, r, c, g], { rate, step, exponent, epsilon, limit, relative, floor, decay }) => {
    const beta = 1 - step ** -exponent;
    const slope = reshape(g, asMatrix(g.shape));
    const square = add(mul(slope, slope), epsilon);
    const rows = add(mul(r, beta), mul(mean(square, -1), 1 - beta));
    const columns = add(mul(c, beta), mul(mean(square, -2), 1 - beta));
    // √v one factor after the other: their product would be too small for single precision
    const byRow = sqrt(div(rows, mean(rows, -1, { keepDims: true })));
    const scaled = div(slope, reshape(byRow, [...rows.shape, 1]));
    const update = div(scaled, sqrt(reshape(columns, [...columns.shape.slice(0, -1), 1, columns.shape.at(-1)!])));
    const clipped = reshape(div(update, maximum(div(rootMeanSquare(update), limit), 1)), p.shape);
    const move = add(clipped, mul(p, decay));
    return [sub(p, mul(relative ? mul(move, maximum(rootMeanSquare(p), floor)) : move, rate)), rows, columns];
  },
};

const rootMeanSquare = (x: Tensor): Tensor => sqrt(mean(mul(x, x)));
