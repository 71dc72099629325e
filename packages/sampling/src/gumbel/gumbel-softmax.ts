import { apply, ConfigError, type RandomKey, ShapeError, type Tensor } from "@tenon/tensor";
import { checkOptions } from "../generate/checks.ts";
import { gumbelSoftmaxOp, straightThroughGumbelSoftmaxOp } from "./gumbel-softmax-op.ts";

/**
 * How {@link gumbelSoftmax} draws.
 *
 * @example
 * ```ts
 * const options: GumbelSoftmaxOptions = { temperature: 0.5, key: random(7).fork("choice").key, counter: 12, hard: true };
 * console.log(options.temperature); // 0.5
 * ```
 */
export interface GumbelSoftmaxOptions {
  /** τ, from 1e-37 to 1e37: near 0 the result is nearly one-hot and its gradient has a large variance, far above 1 it is nearly uniform. */
  readonly temperature: number;
  /** Which noise: `random(seed).key`, or that of a fork for each place where a model chooses. */
  readonly key: RandomKey;
  /** Which noise of that key: a whole number, such as the step of training. */
  readonly counter: number;
  /** The axis of the classes; −1, the last, unless said. */
  readonly axis?: number | undefined;
  /** Exactly one-hot instead, with the gradient of the soft form (straight-through); `false` unless said. */
  readonly hard?: boolean | undefined;
}

const optionNames = { temperature: 0, key: 0, counter: 0, axis: 0, hard: 0 } satisfies Record<
  keyof GumbelSoftmaxOptions,
  0
>;

/**
 * A draw from softmax(z) that a gradient goes through: y = softmax((z + g) / τ) along one axis, with noise g = −log(−log u) from
 * {@link gumbelNoise} and the temperature τ. Logits […, v] → […, v], rows that sum to 1. The largest element of y stands at i with
 * probability softmax(z)ᵢ whatever τ is, and as τ → 0 it becomes 1 and the others 0.
 *
 * With `hard: true` the result is that one-hot row itself, exactly 1 and 0, of equal elements the first; the gradient is still that of the
 * soft form. So a model computes with real choices while it learns, at the price of a gradient that is biased.
 *
 * f32, f16 or bf16; halves are computed in f32. A class at −∞ is never chosen and gets no gradient; a row of nothing else is NaN, or with
 * `hard` its first class. The noise is truncated as `gumbelNoise` says: what is less probable than about 2⁻²⁴ is never chosen.
 *
 * Gradient: y · (u − Σ u y) / τ along the axis, with u the upstream gradient and y the soft form; none to the temperature.
 *
 * Throws `DTypeError` for another dtype, `ShapeError` for an axis that the logits do not have, and `ConfigError` for a temperature out of
 * range, a key or counter that is none, and an option that does not exist.
 *
 * Jang, Gu and Poole 2017, "Categorical reparameterization with Gumbel-softmax"; Maddison, Mnih and Teh 2017, "The concrete
 * distribution: a continuous relaxation of discrete random variables". Straight-through: Bengio, Léonard and Courville 2013,
 * "Estimating or propagating gradients through stochastic neurons for conditional computation".
 *
 * @example
 * ```ts
 * const logits = tensor([0, 1, 2], [3], cpu());
 * const draw = { temperature: 0.5, key: random(7).key, counter: 3 };
 * const soft = await gumbelSoftmax(logits, draw).read();
 * console.log(Array.from(soft, (y) => y.toFixed(2)).join(" ")); // 0.03 0.01 0.96
 * console.log(await gumbelSoftmax(logits, { ...draw, hard: true }).read()); // Float32Array(3) [ 0, 0, 1 ]
 * ```
 */
export function gumbelSoftmax(logits: Tensor, options: GumbelSoftmaxOptions): Tensor {
  checkOptions("gumbelSoftmax()", options, optionNames);
  const { temperature, key, counter, axis = -1, hard = false } = options;
  if (typeof hard !== "boolean") {
    throw new ConfigError(`gumbelSoftmax: hard is true or false, got ${String(hard)}`, { hard });
  }
  const { rank } = logits;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const range = rank === 0 ? "have none" : `have those from ${-rank} to ${rank - 1}`;
    throw new ShapeError(`gumbelSoftmax: there is no axis ${axis}; the logits ${range}`, {
      axis,
      logits: logits.shape,
    });
  }
  return apply(hard ? straightThroughGumbelSoftmaxOp : gumbelSoftmaxOp, [logits], {
    axis: axis < 0 ? axis + rank : axis,
    temperature,
    key,
    counter,
  });
}
