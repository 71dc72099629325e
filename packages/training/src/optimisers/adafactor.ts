import { expectPositive, type Part } from "@tenon/nn";
import { adafactorOp, type Shape, Variable } from "@tenon/tensor";

import { expectNotNegative } from "../expect-options.ts";
import type { ParameterGroup } from "./parameter-group.ts";
import { RuleOptimiser } from "./rule-optimiser.ts";
import type { UpdateRule } from "./update-rule.ts";

/** How {@link Adafactor} differs from the usual. */
export interface AdafactorOptions {
  /** Is the rate a share of the parameter's root mean square? Default true; T5 is fine-tuned with false. */
  readonly relative?: boolean | undefined;
  /** ε₂: what a parameter's root mean square counts as at least, so that zeros can move. Default 1e-3. */
  readonly floor?: number | undefined;
  /** d: the largest root mean square of an update before it is multiplied by the rate. Default 1. */
  readonly limit?: number | undefined;
  /** ĉ: how fast the means grow longer, β₂ = 1 − step^(−exponent). Default 0.8. */
  readonly exponent?: number | undefined;
  /** ε₁: added to the squared gradient. Default 1e-30. */
  readonly epsilon?: number | undefined;
  /** Weight decay, decoupled from the gradient and multiplied by the same rate as the update. Default 0. */
  readonly decay?: number | undefined;
  /** Parameters that move or decay otherwise. Without a group, norms and biases, with fewer than two axes, do not decay. */
  readonly groups?: readonly ParameterGroup[] | undefined;
}

/**
 * Adam without momentum, and with a second moment of m + n numbers for a matrix [m, n]: the means r of its rows and c of its columns. At
 * its step n, with β = 1 − n^(−exponent) and s = g² + ε₁, a parameter p with gradient g becomes
 *
 * r ← β r + (1 − β) mean of s over a row, c ← β c + (1 − β) mean of s over a column, u = g / √(r cᵀ / mean(r)),
 * p ← p − α · decay · p − α · u / max(1, RMS(u) / limit), where α = rate · max(floor, RMS(p)), or the rate alone.
 *
 * It remembers `rows` (r) and `columns` (c); vectors keep every element. What lies before the last two axes counts as a batch of
 * matrices.
 *
 * The paper's relative step size is a schedule, `(step) => Math.min(0.01, 1 / Math.sqrt(step + 1))`; with its warm-up it is
 * `warmUpInverseSquareRoot({ rate: 0.01, warmUp: 9999 })`.
 *
 * Throws as {@link RuleOptimiser} does, and `ConfigError` for a limit, exponent or epsilon that is not above 0 and a negative floor or decay.
 *
 * Shazeer and Stern 2018, "Adafactor: adaptive learning rates with sublinear memory cost".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 3, output: 2, bias: false, random: random(1) }).to(on);
 * const optimiser = new Adafactor(model);
 * optimiser.step(new Map([[model.weight, tensor([1, 2, 3, 4, 5, 6], [2, 3], on)]]), 0.01);
 * const state = await optimiser.state();
 * console.log(state.get("weight.rows")!.shape, state.get("weight.columns")!.shape); // [ 2 ] [ 3 ]
 * ```
 */
export class Adafactor extends RuleOptimiser {
  constructor(model: Part, options: AdafactorOptions = {}) {
    super(model, adafactorRule(options), options.groups);
  }
}

function adafactorRule(options: AdafactorOptions): UpdateRule {
  const { relative = true, floor = 1e-3, limit = 1, exponent = 0.8, epsilon = 1e-30, decay = 0 } = options;
  expectNotNegative("Adafactor", "floor", floor);
  expectPositive("Adafactor", "limit", limit);
  expectPositive("Adafactor", "exponent", exponent);
  expectPositive("Adafactor", "epsilon", epsilon);
  return {
    name: "Adafactor",
    decay,
    remembers: ({ type: { shape } }) => factors(shape),
    update: (variables, gradient, step) =>
      Variable.update(adafactorOp, variables, [gradient], { relative, floor, limit, exponent, epsilon, ...step }),
  };
}

/** […, m, n] → […, m] and […, n]. What has fewer than two axes is a column for the op. */
function factors(shape: Shape): { rows: Shape; columns: Shape } {
  if (shape.length < 2) return { rows: [shape[0] ?? 1], columns: [1] };
  return { rows: shape.slice(0, -1), columns: [...shape.slice(0, -2), shape.at(-1)!] };
}
