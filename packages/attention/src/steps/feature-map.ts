import { add, exp, greater, minimum, where, type Tensor } from "@tenon/tensor";

/** φ(x) = elu(x) + 1, element by element: x + 1 above 0, else eˣ; positive everywhere. */
export function eluPlusOne(x: Tensor): Tensor {
  return where(greater(x, 0), add(x, 1), exp(minimum(x, 0)));
}
