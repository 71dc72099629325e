import { scoped } from "@tenon/tensor";

import type { LanguageModel } from "./language-model.ts";
import type { Objective } from "./objective.ts";
import { outputOf } from "./sequence-model.ts";
import { scored, tokenScores, type TokenLossOptions } from "./token-scores.ts";

/**
 * The mean of −log p(target) over the positions that have a target, in nats, []; 0 when none has. What is predicted from what, the batches say:
 * `causalLoss` and `maskedLoss` are this without options, by the names of what they train. With `labelSmoothing` ε and `zLoss` ζ, it is the mean of
 * (1 − ε) · −log p(target) + ε / v · Σ −log p + ζ log² Z, with Z = Σ e^logits.
 *
 * Throws `ConfigError` unless 0 ≤ ε < 1 and ζ is finite and not below 0. The loss throws `ConfigError` for an id outside of the model's
 * vocabulary and `ShapeError` when the logits are not [b, t, v].
 *
 * Szegedy et al. 2015, "Rethinking the Inception architecture for computer vision" (label smoothing); Chowdhery et al. 2022, "PaLM: scaling language
 * modeling with pathways", section 5 (z-loss).
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = { vocabulary: 2, forward: () => tensor([2, 0], [1, 1, 2], on) };
 * const batch: Batch = { inputs: Int32Array.of(0), targets: Int32Array.of(0), shape: [1, 1] };
 * const [plain] = await tokenLoss()(model, batch, on).read();
 * const [smooth] = await tokenLoss({ labelSmoothing: 0.1 })(model, batch, on).read();
 * console.log(plain!.toFixed(4), smooth!.toFixed(4)); // 0.1269 0.2269
 * ```
 */
export function tokenLoss(options: TokenLossOptions = {}): Objective<LanguageModel> {
  const scores = tokenScores("tokenLoss", options);
  return (model, batch, on) =>
    scoped(() => {
      const logits = outputOf(model, batch, on);
      return scored(logits, batch, model.vocabulary, on, scores);
    });
}
