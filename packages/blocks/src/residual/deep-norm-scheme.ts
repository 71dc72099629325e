import {
  eachOf,
  expectPositive,
  xavierNormal,
  type Initialiser,
  type InitialRule,
  type InitialScheme,
} from "@tenon/nn";

import type { DeepNormConstants } from "./deep-norm-constants.ts";

const matrices = { axes: 2, optional: true } as const;
const attentions = ["**attention", "**crossAttention"];
const rules = (initialiser: Initialiser, ...patterns: string[]): InitialRule[] =>
  patterns.map((pattern) => [pattern, initialiser, matrices]);

/**
 * How a stack of `DeepNorm` begins, for `initialise`: the weights of values, outputs and feed-forward parts by Xavier's normal rule times β, the
 * others of attention, queries and keys among them, by that rule alone. Experts begin as feed-forward parts do, each for itself; their router
 * as queries do, since what it decides passes a softmax, too. The rules go by the names that Tenon's blocks give their parts; what else
 * a model has stays as its parts made it.
 *
 * Take the constants of the side that the stack is on. A model with both sides is begun in two calls, one for each.
 *
 * Throws `ConfigError` for a β that is no finite number above 0.
 *
 * Wang et al. 2022, "DeepNet: scaling transformers to 1,000 layers", figure 2.
 *
 * @example
 * ```ts
 * const { decoder } = deepNormConstants({ decoder: 4 });
 * const stack = new Stack(
 *   4,
 *   () =>
 *     new TransformerBlock({
 *       attention: new MultiHeadAttention({ width: 8, heads: 2, random: random(1) }),
 *       feedForward: new MLP({ width: 8, hidden: 32, random: random(1) }),
 *       residual: () => new DeepNorm({ norm: new LayerNorm(8), alpha: decoder.alpha }),
 *     }),
 * );
 * const begun = initialise(stack, deepNormScheme(decoder), random(1));
 * console.log(begun.get("0.feedForward.up.weight")); // **feedForward.**weight
 * ```
 */
export function deepNormScheme({ beta }: Pick<DeepNormConstants, "beta">): InitialScheme {
  expectPositive("deepNormScheme", "beta", beta);
  const small: Initialiser = (random) => xavierNormal(random, { gain: beta });
  return [
    ...rules(small, ...attentions.flatMap((path) => [`${path}.value.weight`, `${path}.output.weight`])),
    ...rules(xavierNormal, ...attentions.map((path) => `${path}.*.weight`), "**feedForward.router.weight"),
    ...rules(small, "**feedForward.**weight"),
    ...rules(eachOf(small), "**feedForward.experts.*"),
  ];
}
