import { valueAndGrad, type Part } from "@tenon/nn";
import { adamwOp, Variable, zeros, type Tensor } from "@tenon/tensor";

/** Takes `steps` steps of Adam on all parameters of a model; the loss is that of a step's own batch. */
export async function fit(
  model: Part,
  loss: (step: number) => Tensor,
  { steps, rate }: { readonly steps: number; readonly rate: number },
): Promise<void> {
  const slots = new Map(
    [...model.parameters().values()].map((parameter) => {
      const { shape, backend } = parameter.value;
      return [parameter, [0, 0].map(() => Variable.holding(zeros(shape, backend))) as [Variable, Variable]];
    }),
  );
  for (let step = 1; step <= steps; step++) {
    const { value, gradients } = valueAndGrad(model, () => loss(step));
    for (const [parameter, gradient] of gradients) {
      const attrs = { rate, beta1: 0.9, beta2: 0.98, epsilon: 1e-9, decay: 0, step };
      Variable.update(adamwOp, [parameter, ...slots.get(parameter)!], [gradient], attrs);
      gradient[Symbol.dispose]();
    }
    value[Symbol.dispose]();
  }
  for (const variable of [...slots.values()].flat()) variable[Symbol.dispose]();
}
