import { expectPositive, type Part } from "@tenon/nn";
import { adamwOp, Variable } from "@tenon/tensor";

import { expectShare } from "../expect-options.ts";
import type { ParameterGroup } from "./parameter-group.ts";
import { RuleOptimiser } from "./rule-optimiser.ts";
import type { UpdateRule } from "./update-rule.ts";

/** How {@link AdamW} differs from the usual. */
export interface AdamWOptions {
  /** β₁: how much of the running mean of the gradient is kept. Default 0.9. */
  readonly beta1?: number | undefined;
  /** β₂: how much of the running mean of its square is kept. Default 0.999; nanoGPT uses 0.95 to 0.99. */
  readonly beta2?: number | undefined;
  /** ε: added to √v̂, so that nothing is divided by zero. Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Weight decay, decoupled from the gradient and multiplied by the rate. Default 0.01; GPT-3 and nanoGPT use 0.1. */
  readonly decay?: number | undefined;
  /** Parameters that move or decay otherwise. Without a group, weights and tables decay; norms and biases, with fewer than two axes, do not. */
  readonly groups?: readonly ParameterGroup[] | undefined;
}

/**
 * Adam with decoupled weight decay. At its step n, a parameter p with gradient g and running means m and v becomes
 *
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← p − rate · decay · p − rate · m̂ / (√v̂ + ε),
 * with m̂ = m / (1 − β₁ⁿ) and v̂ = v / (1 − β₂ⁿ).
 *
 * It remembers `mean` (m) and `square` (v): twice the memory of the parameters.
 *
 * Throws as {@link RuleOptimiser} does, and `ConfigError` for a beta outside of 0 ≤ β < 1, an epsilon that is not above 0 or a negative decay.
 *
 * Loshchilov and Hutter 2017, "Decoupled weight decay regularization"; Kingma and Ba 2014, "Adam". Norms and biases do not
 * decay, as in GPT-2's successors and BERT.
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(on);
 * const optimiser = new AdamW(model, { decay: 0.1 });
 * const x = tensor([1, 2, 3, 4], [2, 2], on);
 * scoped(() => {
 *   const { gradients } = valueAndGrad(model, () => mean(mul(model.forward(x), model.forward(x))));
 *   optimiser.step(gradients, 1e-3);
 * });
 * console.log(optimiser.steps); // 1
 * ```
 */
export class AdamW extends RuleOptimiser {
  constructor(model: Part, options: AdamWOptions = {}) {
    super(model, adamwRule("AdamW", options), options.groups);
  }
}

/** The rule of {@link AdamW}, under the name of the optimiser that uses it. */
export function adamwRule(
  name: string,
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 0.01 }: Omit<AdamWOptions, "groups">,
): UpdateRule {
  expectShare(name, "beta1", beta1, { below: true });
  expectShare(name, "beta2", beta2, { below: true });
  expectPositive(name, "epsilon", epsilon);
  return {
    name,
    decay,
    remembers: ({ type: { shape } }) => ({ mean: shape, square: shape }),
    update: (variables, gradient, step) =>
      Variable.update(adamwOp, variables, [gradient], { beta1, beta2, epsilon, ...step }),
  };
}
