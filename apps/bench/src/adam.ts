import type { Part } from "@tenon/nn";
import { adamwOp, type Tensor, Variable, zeros } from "@tenon/tensor";

/** Adam as all who are compared have it: no decay and no clipping, for TensorFlow.js has neither. */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

type Gradients = ReadonlyMap<Variable, Tensor>;

/** The step of `AdamW` of `@tenon/training` without its checks: the fused update of each parameter and its two means. `step` counts from 1. */
export function adamOf(model: Part): (gradients: Gradients, rate: number, step: number) => void {
  const means = new Map<Variable, readonly [Variable, Variable]>();
  for (const parameter of model.parameters().values()) {
    const begin = (): Variable => Variable.holding(zeros(parameter.type.shape, parameter.value.backend));
    means.set(parameter, [begin(), begin()]);
  }
  return (gradients, rate, step) => {
    for (const [parameter, gradient] of gradients)
      Variable.update(adamwOp, [parameter, ...means.get(parameter)!], [gradient], { ...adam, rate, decay: 0, step });
  };
}
