import type { Assembled } from "@tenon/models";
import { valueAndGrad, withDropout } from "@tenon/nn";
import { crossEntropy, type DryRun, ids, mean, mul, random, reshape, scoped, sizeOf, type Tensor } from "@tenon/tensor";
import { AdamW } from "@tenon/training";

import { forwardOf, type RunSizes } from "./model-run.ts";

/** The most that is alive at one time in a step of training of a model that was placed on a dry run. */
export function trainingPeak(model: Assembled, on: DryRun, sizes: RunSizes): number {
  using optimiser = new AdamW(model);
  const forward = forwardOf(model, sizes);
  const loss = (): Tensor => lossOf(forward(), "vocabulary" in model.spec ? model.spec.vocabulary : undefined);
  // What AdamW remembers is made at its first step, and so the second is one like all others.
  for (let step = 0; step < 2; step++) {
    on.reset();
    scoped(() => {
      const { gradients } = withDropout(model, random(0), step, () => valueAndGrad(model, loss));
      optimiser.step(gradients, 1e-3);
    });
  }
  return on.report().peakBytes;
}

/** The cross-entropy of each position, where the result is logits of tokens; the mean square of anything else. */
function lossOf(result: Tensor, vocabulary: number | undefined): Tensor {
  if (result.shape.at(-1) !== vocabulary || vocabulary === undefined) return mean(mul(result, result));
  const rows = sizeOf(result.shape) / vocabulary;
  const targets = ids(new Int32Array(rows), [rows], result.backend, { limit: vocabulary });
  return mean(crossEntropy(reshape(result, [rows, vocabulary]), targets));
}
