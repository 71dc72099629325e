import { ShapeError } from "../errors.ts";
import { apply, type Primitive } from "../op.ts";
import { show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expectFloat } from "./operand.ts";
import { reshape } from "./reshape.ts";
import { scatterAlong } from "./take-along.ts";

export const topKOp: Primitive<[x: Tensor], { k: number }, readonly [values: Tensor, indices: Tensor]> = {
  kind: "primitive",
  name: "topK",
  saves: "output",
  infer: ([x], { k }) => {
    if (x.dtype !== "i32") expectFloat("topK", x);
    const n = x.shape[x.shape.length - 1];
    if (n === undefined || !Number.isInteger(k) || k < 1 || k > n)
      throw new ShapeError(
        `topK: k = ${k} of ${show(x.shape)}; expected a whole number from 1 to the size of the last axis`,
        { k, x: x.shape },
      );
    const shape = [...x.shape.slice(0, -1), k];
    return [
      { dtype: x.dtype, shape },
      { dtype: "i32", shape },
    ];
  },
  gradient: ({ inputs: [x], output: [, indices], upstream: [values] }) => [
    values && (() => scatterAlong(indices, values, x.shape[x.rank - 1]!)),
  ],
};

/**
 * The k largest of each row, largest first, and where they stood; of equals the first comes first. x […, n] → two of […, k].
 *
 * @example
 * ```ts
 * const [values, indices] = topK(logits, 5);
 * ```
 */
export function topK(x: Tensor, k: number): readonly [values: Tensor, indices: Tensor] {
  return apply(topKOp, [x], { k });
}

/** Where the largest of each row stands, the first of equals: x […, n] → i32 […]. @example `argMax(logits)` */
export function argMax(x: Tensor): Tensor {
  return reshape(topK(x, 1)[1], x.shape.slice(0, -1));
}
