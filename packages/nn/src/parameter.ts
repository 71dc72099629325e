import { Variable, type Shape } from "@tenon/tensor";

import type { Initial } from "./initial/initial.ts";

/**
 * What training changes: an f32 tensor with a shape and initial values, which are computed when they are first needed.
 *
 * @example
 * ```ts
 * class Scale extends Module<[x: Tensor], Tensor> {
 *   readonly factor: Parameter = new Parameter([1], ones);
 *   protected override compute(x: Tensor): Tensor {
 *     return mul(x, this.factor.value);
 *   }
 * }
 * ```
 */
export class Parameter extends Variable {
  /** Is it left as it is by training? {@link valueAndGrad} then has no gradient of it. {@link freeze} sets it for whole parts. */
  frozen = false;

  constructor(shape: Shape, initial: Initial) {
    super({ dtype: "f32", shape }, () => initial(shape));
  }

  /** Begins again with other initial values, computed when they are first needed, or at once where it lives on a backend already. */
  initialise(initial: Initial): void {
    this.begin(() => initial(this.type.shape));
  }
}
