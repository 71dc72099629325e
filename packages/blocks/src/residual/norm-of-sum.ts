import { isSumNorm, type Norm } from "@tenon/nn";
import { add, type Tensor } from "@tenon/tensor";

/** norm(x + added), in one op where the norm has one for it. */
export function normOfSum(norm: Norm, x: Tensor, added: Tensor): Tensor {
  // A sublayer may give what broadcasts, such as one row for all, which only add() takes.
  const alike = added.rank === x.rank && added.shape.every((size, axis) => size === x.shape[axis]);
  return alike && isSumNorm(norm) ? norm.forward(added, x) : norm.forward(add(x, added));
}
