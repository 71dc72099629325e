import type { Parameter, ValueAndGrad } from "@tenon/nn";
import { add, ConfigError, mul, type Tensor } from "@tenon/tensor";

import { predictionsIn } from "./data/counts.ts";

/**
 * The loss and the gradients of several batches as if they were one: means weighed by what each batch asks for. Of a single batch, what came
 * is passed on, bit for bit. The results belong to no scope or to the active one; what was on the way is given back.
 */
export function meanGradients<B extends object>(
  batches: readonly B[],
  lossAndGradients: (batch: B, index: number) => ValueAndGrad,
  stepsBefore: number,
): ValueAndGrad {
  if (batches.length === 1) return lossAndGradients(batches[0]!, 0);
  const weights = batches.map(predictionsIn);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) {
    throw new ConfigError(
      `train: none of the ${batches.length} batches of step ${stepsBefore + 1} has anything to predict`,
      { step: stepsBefore + 1 },
    );
  }
  const sum: { value?: Tensor; gradients: Map<Parameter, Tensor> } = { gradients: new Map() };
  batches.forEach((batch, index) => {
    const share = weights[index]! / total;
    // Its loss may be a mean of nothing.
    if (share === 0) return;
    const { value, gradients } = lossAndGradients(batch, index);
    sum.value = added(sum.value, value, share);
    for (const [parameter, gradient] of gradients) {
      sum.gradients.set(parameter, added(sum.gradients.get(parameter), gradient, share));
    }
  });
  return { value: sum.value!, gradients: sum.gradients };
}

/** sum + share · term; both are used up. */
function added(sum: Tensor | undefined, term: Tensor, share: number): Tensor {
  const weighed = mul(term, share);
  term[Symbol.dispose]();
  if (sum === undefined) return weighed;
  const result = add(sum, weighed);
  sum[Symbol.dispose]();
  weighed[Symbol.dispose]();
  return result;
}
