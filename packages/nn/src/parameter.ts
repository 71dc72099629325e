import { ConfigError, Variable, type Shape } from "@tenon/tensor";

import type { WeightAdapter } from "./adapters/weight-adapter.ts";
import { copyOf, thisCopy, type Copy } from "./copies.ts";
import type { Initial } from "./initial/initial.ts";
import type { QuantizedForm } from "./quantized/quantized-form.ts";

/**
 * What training changes: an f32 tensor with a shape and initial values, which are computed when they are first needed. A matrix may come to be held in
 * levels, q8 or q4, by `quantizeWeights`, or in 16 bits, by `storeWeights`: it is the same parameter then, with scales as parameters of their own beside levels.
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
  /** How it is used while its values are levels, and what belongs to them; undefined while they are numbers. `assignQuantized` sets it. */
  quantized: QuantizedForm | undefined;
  /** What is trained beside it, where that is so: `attachLora` sets it for the matrices of a model. */
  adapter: WeightAdapter | undefined;

  /** @internal */
  get [copyOf](): Copy {
    return thisCopy;
  }

  constructor(shape: Shape, initial: Initial) {
    super({ dtype: "f32", shape }, () => initial(shape));
  }

  /** Begins again with other initial values, computed when they are first needed, or at once where it lives on a backend already. */
  initialise(initial: Initial): void {
    if (this.quantized !== undefined)
      throw new ConfigError(
        `a parameter [${this.type.shape.join(", ")}] is held in levels, which cannot begin with numbers; await dequantizeWeights() of the model first`,
      );
    this.begin(() => initial(this.type.shape));
  }
}
