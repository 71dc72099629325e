import { expectPositive } from "@tenon/nn";
import {
  type Backend,
  cast,
  ConfigError,
  crossEntropy,
  ids,
  logSoftmax,
  mul,
  neg,
  sum,
  tensor,
  type Tensor,
} from "@tenon/tensor";

import { ignored } from "../data/batch.ts";
import { expectShare } from "../expect-options.ts";

/** How classes are scored. */
export interface ClassificationLossOptions {
  /** The share ε of each target that is divided equally among all classes. Default 0. */
  readonly labelSmoothing?: number | undefined;
  /** What an example of each class counts, one number above 0 for each: more for the rare ones. Default: all the same. */
  readonly classWeights?: readonly number[] | undefined;
}

/** The mean score of logits [n, c] for n labels, []. */
export type ClassScores = (logits: Tensor, labels: Int32Array, on: Backend) => Tensor;

/** Checks the options once, where a loss is made. Throws `ConfigError`. */
export function classScores(caller: string, options: ClassificationLossOptions): ClassScores {
  const { labelSmoothing = 0, classWeights: weights } = options;
  expectShare(caller, "labelSmoothing", labelSmoothing, { below: true });
  weights?.forEach((weight, i) => expectPositive(caller, `classWeights[${i}]`, weight));

  return (logits, labels, on) => {
    const classes = logits.shape[1]!;
    const right = ids(labels, [labels.length], on, { limit: classes, what: "label", ignore: ignored });
    if (weights === undefined) return crossEntropy(logits, right, { ignoreIndex: ignored, labelSmoothing });
    if (weights.length !== classes) {
      throw new ConfigError(
        `${caller}: ${weights.length} classWeights for a model of ${classes} classes; give one for each`,
        {
          weights: weights.length,
          classes,
        },
      );
    }
    const wanted = tensor(weighted(labels, weights, labelSmoothing), [labels.length, classes], on);
    return neg(sum(mul(logSoftmax(cast(logits, "f32")), wanted)));
  };
}

/** What each class of each example counts, [n, c]: ((1 − ε) wᵧ 1ᵧ + ε w / c) / Σ wᵧ; zeros where nothing is asked. */
function weighted(labels: Int32Array, weights: readonly number[], labelSmoothing: number): Float64Array {
  const classes = weights.length;
  const wanted = new Float64Array(labels.length * classes);
  const total = labels.reduce((sum, label) => sum + (label === ignored ? 0 : weights[label]!), 0);
  labels.forEach((label, i) => {
    if (label === ignored) return;
    weights.forEach((weight, c) => {
      const whole = c === label ? (1 - labelSmoothing) * weight : 0;
      wanted[i * classes + c] = (whole + (labelSmoothing * weight) / classes) / total;
    });
  });
  return wanted;
}
