import { type Layout, view } from "../../training/layout.ts";
import { type OutputLoss, reserveLoss } from "../../word2vec/losses.ts";
import type { LossPlan } from "../../word2vec/plan.ts";
import type { FastTextLoss } from "../settings.ts";

/** How a classifier's labels are predicted: made by `softmax`, `hierarchicalSoftmax`, `negativeSampling` or {@link oneVsAll}. */
export type ClassifierLoss = OutputLoss | { readonly kind: "one-vs-all" };

/**
 * Decides on each label by itself, so that a line may have several or none: with y = 1 for the line's own labels and else 0,
 *
 *     loss = −Σ_l y_l · log σ(h · o_l) + (1 − y_l) · log σ(−h · o_l)
 *
 * @example
 * ```ts
 * console.log(oneVsAll().kind); // one-vs-all
 * ```
 */
export const oneVsAll = (): ClassifierLoss => ({ kind: "one-vs-all" });

/** What a file says of a loss. */
export const lossSettings = (loss: ClassifierLoss): { loss: FastTextLoss; negatives: number } => ({
  loss: loss.kind,
  negatives: loss.kind === "negative-sampling" ? loss.count : 0,
});

/** Lays out a loss over outputs with these counts, as fastText's files mean it; the result fills it, once there is the memory. */
export function reserveFastTextLoss(
  layout: Layout,
  loss: ClassifierLoss,
  counts: Float64Array,
): { readonly plan: LossPlan; readonly fill: (memory: WebAssembly.Memory) => void } {
  if (loss.kind === "one-vs-all") return { plan: { kind: loss.kind, outputs: counts.length }, fill: () => undefined };
  const { plan, fill } = reserveLoss(layout, loss, counts);
  if (plan.kind !== "hierarchical-softmax") return { plan, fill };
  return {
    plan,
    fill: (memory) => {
      fill(memory);
      // Word2vec's nodes say how probable it is to go on to the first child, fastText's to the second.
      const labels = view(memory, plan.labels);
      labels.forEach((label, i) => (labels[i] = 1 - label));
    },
  };
}
