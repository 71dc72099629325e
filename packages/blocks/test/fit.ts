import { valueAndGrad, type Part } from "@tenon/nn";
import { adamwOp, Variable, zeros, type Tensor } from "@tenon/tensor";

/** Takes `steps` steps of Adam on all parameters of a model, and gives the loss before each. */
export async function fit(
  model: Part,
  loss: () => Tensor,
  { steps, rate }: { steps: number; rate: number },
): Promise<number[]> {
  const slots = new Map(
    [...model.parameters().values()].map((parameter) => {
      const { shape, backend } = parameter.value;
      return [parameter, [0, 0].map(() => Variable.holding(zeros(shape, backend))) as [Variable, Variable]];
    }),
  );
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    const { value, gradients } = valueAndGrad(model, loss);
    for (const [parameter, gradient] of gradients) {
      const attrs = { rate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, step };
      Variable.update(adamwOp, [parameter, ...slots.get(parameter)!], [gradient], attrs);
      gradient[Symbol.dispose]();
    }
    losses.push((await value.read())[0]!);
    value[Symbol.dispose]();
  }
  for (const variable of [...slots.values()].flat()) variable[Symbol.dispose]();
  return losses;
}
