import type { Parameter, Part } from "@tenon/nn";
import { ConfigError, muonOp, type Shape, Variable } from "@tenon/tensor";

import { adamwRule, type AdamWOptions } from "./adamw.ts";
import { expectShare } from "../expect-options.ts";
import type { ParameterGroup } from "./parameter-group.ts";
import { RuleOptimiser } from "./rule-optimiser.ts";
import type { UpdateRule } from "./update-rule.ts";

/** How {@link Muon} differs from the usual. */
export interface MuonOptions {
  /**
   * Which matrices are made orthogonal: those between the hidden layers, and not tables, heads and what is no matrix. By default the matrices
   * named `weight` within `blocks`.
   */
  readonly hidden?: ((path: string, parameter: Parameter) => boolean) | undefined;
  /** μ: how much of the running mean of the gradient is kept. Default 0.95. */
  readonly momentum?: number | undefined;
  /**
   * How long a step of a matrix [m, n] is: "adamw" makes it 0.2 √max(m, n) times the rate, as long as AdamW's steps are, so that one rate fits all
   * parameters; "original" √max(1, m / n) times the rate, for rates near 0.02. Default "adamw".
   */
  readonly scaling?: "adamw" | "original" | undefined;
  /** Weight decay of all parameters, decoupled from the gradient and multiplied by the rate. Default 0.1. */
  readonly decay?: number | undefined;
  /** How AdamW treats the other parameters. */
  readonly adamw?: Pick<AdamWOptions, "beta1" | "beta2" | "epsilon"> | undefined;
  /** Parameters that move or decay otherwise. Without a group, norms and biases, with fewer than two axes, do not decay. */
  readonly groups?: readonly ParameterGroup[] | undefined;
}

/**
 * Momentum made orthogonal, for the matrices between hidden layers; AdamW for all other parameters. A matrix p [m, n] with gradient g and
 * running mean u becomes
 *
 * u ← μ u + (1 − μ) g, p ← p − rate · decay · p − rate · scale · orthogonal(μ u + (1 − μ) g),
 *
 * where orthogonal(x) is near U Vᵀ for x = U S Vᵀ, by five Newton–Schulz steps: all directions of a step have about the same length.
 *
 * It remembers `mean` (u) of a matrix, and `mean` and `square` of what AdamW changes.
 *
 * Throws as {@link RuleOptimiser} does, and `ConfigError` when no parameter is hidden or one that is no matrix, for a momentum or
 * beta outside of 0 ≤ x < 1, and another scaling.
 *
 * Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"; the scaling "adamw" is that of Liu et al. 2025, "Muon is
 * scalable for LLM training".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(on);
 * const optimiser = new Muon(model, { hidden: (path) => path === "weight" });
 * optimiser.step(new Map([[model.weight, tensor([3, 4], [1, 2], on)]]), 0.01);
 * console.log([...(await optimiser.state()).keys()]); // [ 'steps', 'weight.mean', 'weight.steps', 'bias.steps' ]
 *
 * // With rates for the matrices as in the paper, and smaller ones for the rest:
 * const others = { matches: (path: string) => path !== "weight", rateFactor: 0.015 };
 * const original = new Muon(model, { hidden: (path) => path === "weight", scaling: "original", groups: [others] });
 * console.log(original.steps); // 0
 * ```
 */
export class Muon extends RuleOptimiser {
  constructor(model: Part, options: MuonOptions = {}) {
    super(model, muonRule(model, options), options.groups);
  }
}

function muonRule(model: Part, options: MuonOptions): UpdateRule {
  const { hidden = isWithinBlocks, momentum = 0.95, scaling = "adamw", decay = 0.1 } = options;
  expectShare("Muon", "momentum", momentum, { below: true });
  const scaleOf = scalings.get(scaling);
  if (scaleOf === undefined)
    throw new ConfigError(`Muon: scaling must be "adamw" or "original", got ${JSON.stringify(scaling)}`, { scaling });
  const matrices = matricesOf(model, hidden);
  const others = adamwRule("Muon", { ...options.adamw, decay });
  return {
    name: "Muon",
    decay,
    remembers: (parameter, path) =>
      matrices.has(parameter) ? { mean: parameter.type.shape } : others.remembers(parameter, path),
    update: (variables, gradient, step) => {
      if (!matrices.has(variables[0]!)) return others.update(variables, gradient, step);
      const { rate, decay } = step;
      Variable.update(muonOp, variables, [gradient], { rate, momentum, decay, scale: scaleOf(gradient.shape) });
    },
  };
}

const scalings: ReadonlyMap<string, (shape: Shape) => number> = new Map([
  ["adamw", (shape: Shape) => 0.2 * Math.sqrt(Math.max(...shape))],
  ["original", ([m, n]: Shape) => Math.sqrt(Math.max(1, m! / n!))],
]);

const isWithinBlocks = (path: string, { type: { shape } }: Parameter): boolean =>
  shape.length === 2 && /(^|\.)blocks\.\d+\.(.+\.)?weight$/.test(path);

function matricesOf(model: Part, hidden: NonNullable<MuonOptions["hidden"]>): ReadonlySet<Variable> {
  const chosen = [...model.parameters()].filter(([path, parameter]) => hidden(path, parameter));
  for (const [
    path,
    {
      type: { shape },
    },
  ] of chosen) {
    if (shape.length !== 2)
      throw new ConfigError(
        `Muon: ${path} [${shape.join(", ")}] is no matrix and cannot be hidden; leave it to AdamW`,
        {
          path,
          shape,
        },
      );
  }
  if (chosen.length === 0)
    throw new ConfigError(
      `Muon: no parameter of the model is hidden, so all would be left to AdamW. Without the option \`hidden\` those are the matrices named weight within blocks; say which they are.`,
    );
  return new Set(chosen.map(([, parameter]) => parameter));
}
