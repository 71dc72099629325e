import { apply, none, type None, type View } from "../op.ts";
import type { Tensor } from "../tensor.ts";

const stopGradientOp: View<[x: Tensor], None> = {
  kind: "view",
  name: "stopGradient",
  infer: ([x]) => x,
  gradient: null,
};

/** x, as a constant to differentiation. @example `sub(x, stopGradient(max(x)))` */
export function stopGradient(x: Tensor): Tensor {
  return apply(stopGradientOp, [x], none);
}
