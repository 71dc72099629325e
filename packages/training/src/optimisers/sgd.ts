import type { Part } from "@tenon/nn";
import { ConfigError, sgdMomentumOp, sgdOp, Variable } from "@tenon/tensor";

import { expectShare } from "../expect-options.ts";
import type { ParameterGroup } from "./parameter-group.ts";
import { RuleOptimiser } from "./rule-optimiser.ts";
import type { UpdateRule } from "./update-rule.ts";

/** How {@link Sgd} differs from the usual. */
export interface SgdOptions {
  /** How much of the velocity is kept. Default 0: no velocity, and nothing to remember. */
  readonly momentum?: number | undefined;
  /** Does the step look ahead, as Nesterov's does? Needs a momentum. Default false. */
  readonly nesterov?: boolean | undefined;
  /** Weight decay, added to the gradient as that of ½ decay ‖p‖². Default 0. */
  readonly decay?: number | undefined;
  /** Parameters that move or decay otherwise. Without a group, norms and biases, with fewer than two axes, do not decay. */
  readonly groups?: readonly ParameterGroup[] | undefined;
}

/**
 * Stochastic gradient descent. A parameter p with gradient g and velocity u becomes
 *
 * u ← momentum · u + g + decay · p, p ← p − rate · u; or with Nesterov's look ahead p ← p − rate · (g + decay · p + momentum · u).
 *
 * It remembers `velocity` (u), and nothing without a momentum. As in PyTorch, the rate multiplies the velocity and is no part of it.
 *
 * Throws as {@link RuleOptimiser} does, and `ConfigError` for a momentum outside of 0 ≤ momentum < 1 and for Nesterov's look ahead without one.
 *
 * Robbins and Monro 1951, "A stochastic approximation method"; Sutskever, Martens, Dahl and Hinton 2013, "On the importance of
 * initialization and momentum in deep learning".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 1, output: 1, bias: false, initial: () => () => Float32Array.of(1), random: random(1) }).to(on);
 * const optimiser = new Sgd(model, { momentum: 0.5 });
 * for (const rate of [0.25, 0.25]) optimiser.step(new Map([[model.weight, tensor([1], [1, 1], on)]]), rate);
 * console.log(await model.weight.host()); // Float32Array(1) [ 0.375 ]
 * ```
 */
export class Sgd extends RuleOptimiser {
  constructor(model: Part, options: SgdOptions = {}) {
    super(model, sgdRule(options), options.groups);
  }
}

function sgdRule({ momentum = 0, nesterov = false, decay = 0 }: SgdOptions): UpdateRule {
  expectShare("Sgd", "momentum", momentum, { below: true });
  if (momentum === 0) {
    if (nesterov) throw new ConfigError("Sgd: nesterov looks ahead along the velocity, so it needs a momentum above 0");
    return {
      name: "Sgd",
      decay,
      remembers: () => ({}),
      update: (variables, gradient, { rate, decay }) => Variable.update(sgdOp, variables, [gradient], { rate, decay }),
    };
  }
  return {
    name: "Sgd",
    decay,
    remembers: ({ type: { shape } }) => ({ velocity: shape }),
    update: (variables, gradient, { rate, decay }) =>
      Variable.update(sgdMomentumOp, variables, [gradient], { rate, decay, momentum, nesterov }),
  };
}
