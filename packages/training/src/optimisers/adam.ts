import type { Part } from "@tenon/nn";
import { add, mul, scoped } from "@tenon/tensor";

import { adamwRule, type AdamWOptions } from "./adamw.ts";
import { RuleOptimiser } from "./rule-optimiser.ts";
import type { UpdateRule } from "./update-rule.ts";

/** How {@link Adam} differs from the usual: as {@link AdamWOptions}, but that a decay is 0 by default and part of the gradient. */
export type AdamOptions = AdamWOptions;

/**
 * Adam. With a decay, the gradient g is taken with that of ½ decay ‖p‖² (an L2 penalty), and so goes through the running means; at step n
 *
 * g ← g + decay · p, m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← p − rate · m̂ / (√v̂ + ε),
 * with m̂ = m / (1 − β₁ⁿ) and v̂ = v / (1 − β₂ⁿ).
 *
 * It remembers `mean` (m) and `square` (v). `AdamW`, which decays apart from the gradient, is what transformers are trained with.
 *
 * Throws as {@link RuleOptimiser} does, and `ConfigError` for a beta outside of 0 ≤ β < 1, an epsilon that is not above 0 or a negative decay.
 *
 * Kingma and Ba 2014, "Adam: a method for stochastic optimization".
 *
 * @example
 * ```ts
 * const model = new Linear({ input: 2, output: 1, random: random(1) });
 * const optimiser = new Adam(model, { beta2: 0.98, epsilon: 1e-9 }); // as in Vaswani et al. 2017
 * console.log(optimiser.steps); // 0
 * ```
 */
export class Adam extends RuleOptimiser {
  constructor(model: Part, options: AdamOptions = {}) {
    super(model, adamRule(options), options.groups);
  }
}

function adamRule({ decay = 0, ...options }: AdamOptions): UpdateRule {
  const rule = adamwRule("Adam", { ...options, decay });
  return {
    ...rule,
    update: (variables, gradient, { decay, ...step }) =>
      scoped(() => {
        const whole = decay === 0 ? gradient : add(gradient, mul(variables[0]!.value, decay));
        rule.update(variables, whole, { ...step, decay: 0 });
      }),
  };
}
