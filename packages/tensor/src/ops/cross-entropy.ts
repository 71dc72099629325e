import { ShapeError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import { show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { div, mul, neg, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { equal, not } from "./compare.ts";
import { maximum } from "./maximum.ts";
import { expectDType } from "./operand.ts";
import { sum } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { logSoftmax, softmax } from "./softmax.ts";
import { scatterAlong, takeAlong } from "./take-along.ts";
import { where } from "./where.ts";

/** Which rows count, a target for each row that is in range, and 1 / (rows that count). */
function rowsOf(targets: Tensor, ignoreIndex: number): { counts: Tensor; index: Tensor; total: Tensor } {
  const column = reshape(targets, [targets.shape[0]!, 1]);
  const counts = not(equal(column, ignoreIndex));
  return { counts, index: where(counts, column, 0), total: maximum(sum(cast(counts, "f32")), 1) };
}

export const crossEntropyOp: Composite<[logits: Tensor, targets: Tensor], { ignoreIndex: number }> = {
  kind: "composite",
  name: "crossEntropy",
  infer: ([logits, targets]) => {
    expectDType("crossEntropy", logits, "f32", "logits");
    expectDType("crossEntropy", targets, "i32", "targets");
    if (logits.shape.length !== 2 || targets.shape.length !== 1 || targets.shape[0] !== logits.shape[0]) {
      throw new ShapeError(
        `crossEntropy: logits must be [n, v] and targets [n], got ${show(logits.shape)} and ${show(targets.shape)}; reshape() them`,
        { logits: logits.shape, targets: targets.shape },
      );
    }
    return { dtype: "f32", shape: [] };
  },
  saves: "inputs",
  compose: ([logits, targets], { ignoreIndex }) => {
    const { counts, index, total } = rowsOf(targets, ignoreIndex);
    return neg(div(sum(where(counts, takeAlong(logSoftmax(logits), index), 0)), total));
  },
  gradient: ({ inputs: [logits, targets], upstream, attrs: { ignoreIndex } }) => [
    () => {
      const { counts, index, total } = rowsOf(targets, ignoreIndex);
      const weight = where(counts, div(upstream, total), 0); // [n, 1]
      return sub(mul(softmax(logits), weight), scatterAlong(index, weight, logits.shape[1]!));
    },
    undefined,
  ],
};

/**
 * The mean of −log softmax(logits)[target] over the rows whose target is not `ignoreIndex`; 0 when there are none.
 * logits [n, v], targets i32 [n] → []. Throws `ShapeError` and `DTypeError`. Targets are checked where they are made: `ids()` with
 * `limit: v, ignore: −100` lets only these through.
 *
 * @example
 * ```ts
 * crossEntropy(reshape(logits, [b * t, v]), reshape(targets, [b * t]));
 * ```
 */
export function crossEntropy(
  logits: Tensor,
  targets: Tensor,
  { ignoreIndex = -100 }: { readonly ignoreIndex?: number } = {},
): Tensor {
  return apply(crossEntropyOp, [logits, targets], { ignoreIndex });
}
