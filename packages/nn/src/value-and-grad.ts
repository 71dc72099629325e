import { cast, differentiate, GradientError, isHalf, Variable, type Tensor } from "@tenon/tensor";

import type { Parameter } from "./parameter.ts";
import type { Part } from "./part.ts";

/** A loss and its derivatives. Both belong to no scope: their holder disposes them. */
export interface ValueAndGrad {
  /** The loss, one element. */
  readonly value: Tensor;
  /** The gradient of each parameter that the loss depends on, f32 and of the parameter's shape; the others, and those that are frozen, are missing. */
  readonly gradients: Map<Parameter, Tensor>;
}

/**
 * Runs `loss` and differentiates what it returns, a tensor with one element, with respect to every parameter of the model
 * that is not frozen. Synchronous; the model is unchanged. A weight that is stored in 16 bits is seen in f32 meanwhile, made once, unless it is frozen.
 *
 * Throws `GradientError` when the model has no parameters or all are frozen, the loss has several elements, or it depends on no parameter, and
 * `BackendError` when the parameters are not on a backend yet.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(on);
 * const x = tensor([1, 2], [1, 2], on);
 * const { value, gradients } = valueAndGrad(model, () => mean(model.forward(x)));
 * console.log(await gradients.get(model.weight)!.read()); // Float32Array(2) [ 1, 2 ]
 * ```
 */
export function valueAndGrad(model: Part, loss: () => Tensor): ValueAndGrad {
  const all = [...model.parameters().values()];
  const parameters = all.filter(({ frozen }) => !frozen);
  if (parameters.length === 0 && all.length > 0)
    throw new GradientError("all parameters of the model are frozen; unfreeze() those that are to be trained");
  const halves = parameters.filter(({ type }) => isHalf(type.dtype));
  const { value, gradients } = Variable.lend(
    halves,
    (value) => cast(value, "f32"),
    () => differentiate(parameters, loss),
  );
  const found = new Map<Parameter, Tensor>();
  parameters.forEach((parameter, i) => {
    const gradient = gradients[i];
    if (gradient !== undefined) found.set(parameter, gradient);
  });
  return { value, gradients: found };
}
