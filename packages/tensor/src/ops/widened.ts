import { isHalf } from "../dtype.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";

/** f(x) where f takes several ops, in a scope: for 16-bit floats computed in f32 and rounded once, so that no step in between can overflow. */
export const widened = (x: Tensor, f: (wide: Tensor) => Tensor): Tensor =>
  scoped(() => (isHalf(x.dtype) ? cast(f(cast(x, "f32")), x.dtype) : f(x)));
