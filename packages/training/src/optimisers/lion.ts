import type { Part } from "@tenon/nn";
import { lionOp, Variable } from "@tenon/tensor";

import { expectShare } from "../expect-options.ts";
import type { ParameterGroup } from "./parameter-group.ts";
import { RuleOptimiser } from "./rule-optimiser.ts";
import type { UpdateRule } from "./update-rule.ts";

/** How {@link Lion} differs from the usual. */
export interface LionOptions {
  /** β₁: how much of the running mean counts in the direction of a step. Default 0.9. */
  readonly beta1?: number | undefined;
  /** β₂: how much of the running mean is kept. Default 0.99. */
  readonly beta2?: number | undefined;
  /** Weight decay, decoupled from the gradient and multiplied by the rate. Default 0.1, ten times AdamW's, for rates that are ten times smaller. */
  readonly decay?: number | undefined;
  /** Parameters that move or decay otherwise. Without a group, norms and biases, with fewer than two axes, do not decay. */
  readonly groups?: readonly ParameterGroup[] | undefined;
}

/**
 * Evolved sign momentum: every element moves by the same length. A parameter p with gradient g and running mean m becomes
 *
 * p ← p − rate · decay · p − rate · sign(β₁ m + (1 − β₁) g), and then m ← β₂ m + (1 − β₂) g.
 *
 * It remembers `mean` (m): half of what AdamW does. The paper advises a rate three to ten times smaller than AdamW's, and a decay larger by as much.
 *
 * Throws as {@link RuleOptimiser} does, and `ConfigError` for a beta outside of 0 ≤ β < 1 or a negative decay.
 *
 * Chen et al. 2023, "Symbolic discovery of optimization algorithms".
 *
 * @example
 * ```ts
 * const model = new Linear({ input: 2, output: 1, bias: false, random: random(1) });
 * console.log([...(await new Lion(model).state()).keys()]); // [ 'steps', 'weight.steps' ]
 * ```
 */
export class Lion extends RuleOptimiser {
  constructor(model: Part, options: LionOptions = {}) {
    super(model, lionRule(options), options.groups);
  }
}

function lionRule({ beta1 = 0.9, beta2 = 0.99, decay = 0.1 }: LionOptions): UpdateRule {
  expectShare("Lion", "beta1", beta1, { below: true });
  expectShare("Lion", "beta2", beta2, { below: true });
  return {
    name: "Lion",
    decay,
    remembers: ({ type: { shape } }) => ({ mean: shape }),
    update: (variables, gradient, { rate, decay }) =>
      Variable.update(lionOp, variables, [gradient], { rate, beta1, beta2, decay }),
  };
}
