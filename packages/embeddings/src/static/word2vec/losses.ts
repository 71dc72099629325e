import { ConfigError } from "@tenon/tensor";

import { type Block, type Layout, view } from "../training/layout.ts";
import { huffmanPaths } from "../vocabulary/huffman.ts";
import { noiseCells } from "../vocabulary/noise.ts";
import type { LossPlan } from "./plan.ts";

/** How a word is predicted: made by {@link negativeSampling}, {@link hierarchicalSoftmax} or {@link softmax}. */
export type OutputLoss =
  | { readonly kind: "negative-sampling"; readonly count: number; readonly exponent: number }
  | { readonly kind: "hierarchical-softmax" }
  | { readonly kind: "softmax" };

/**
 * Tells a word that stands in the text from `count` others that were drawn at random, P(w) ∝ count(w)^exponent:
 *
 *     loss = −log σ(h · y) − Σ log σ(−h · yₙ)
 *
 * Mikolov, Sutskever, Chen, Corrado and Dean 2013, "Distributed representations of words and phrases and their compositionality".
 * `count`: 5 for large texts, up to 20 for small ones. Throws a ConfigError where it is not a whole number from 1 on.
 *
 * @example
 * ```ts
 * console.log(negativeSampling({ count: 10 })); // { kind: 'negative-sampling', count: 10, exponent: 0.75 }
 * ```
 */
export function negativeSampling({
  count = 5,
  exponent = 0.75,
}: { count?: number | undefined; exponent?: number | undefined } = {}): OutputLoss {
  if (!Number.isSafeInteger(count) || count < 1 || count > 1000)
    throw new ConfigError(`negativeSampling: count is a whole number from 1 to 1000, got ${count}`, { count });
  if (!Number.isFinite(exponent))
    throw new ConfigError(`negativeSampling: exponent is a number, got ${exponent}`, { exponent });
  return { kind: "negative-sampling", count, exponent };
}

/**
 * Predicts a word by the turns on the way to it in a binary tree, frequent words nearer to the root: about log₂ v decisions. Better than
 * {@link negativeSampling} for rare words. Morin and Bengio 2005; Mikolov et al. 2013.
 *
 * @example
 * ```ts
 * console.log(hierarchicalSoftmax().kind); // hierarchical-softmax
 * ```
 */
export const hierarchicalSoftmax = (): OutputLoss => ({ kind: "hierarchical-softmax" });

/**
 * Scores all v words, or labels, for each example: exact, and slow beyond a few hundred.
 *
 * @example
 * ```ts
 * console.log(softmax().kind); // softmax
 * ```
 */
export const softmax = (): OutputLoss => ({ kind: "softmax" });

/** Lays out what a loss needs to know of the outputs, whose counts fall; the result fills it, once there is the memory. */
export function reserveLoss(
  layout: Layout,
  loss: OutputLoss,
  counts: Float64Array,
): { plan: LossPlan; fill: (memory: WebAssembly.Memory) => void } {
  switch (loss.kind) {
    case "negative-sampling": {
      const noise = noiseCells(counts, loss.exponent);
      const cells = layout.reserve("i32", noise.length);
      return {
        plan: { kind: loss.kind, count: loss.count, cells },
        fill: (memory) => view(memory, cells).set(noise),
      };
    }
    case "hierarchical-softmax": {
      if (counts.length < 2)
        throw new ConfigError(
          "hierarchical softmax needs two words, or labels, at least to decide between, and there is one; take more text or a lower minimum count",
        );
      const paths = huffmanPaths(counts);
      const [starts, nodes] = [paths.starts, paths.nodes].map(({ length }) => layout.reserve("i32", length)) as Two;
      const labels = layout.reserve("f32", paths.labels.length + 3); // four are read at a time
      return {
        plan: { kind: loss.kind, starts, nodes, labels },
        fill: (memory) => {
          view(memory, starts).set(paths.starts);
          view(memory, nodes).set(paths.nodes);
          view(memory, labels).set(paths.labels);
        },
      };
    }
    case "softmax":
      return { plan: { kind: loss.kind, outputs: counts.length }, fill: () => undefined };
  }
}
type Two = [Block<"i32">, Block<"i32">];
