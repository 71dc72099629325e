import { ConfigError, type Random, type Shape } from "@tenon/tensor";

import { expectPositive } from "../check-options.ts";
import { fansOf } from "./fans.ts";
import { normal, uniformWithin, type Initial } from "./initial.ts";

/** How {@link kaimingUniform} and {@link kaimingNormal} differ from the usual. */
export interface KaimingOptions {
  /**
   * What keeps its variance: with "in" the activations forward, with "out" the gradients backward. Default "in"; the paper finds either
   * enough.
   */
  readonly fan?: "in" | "out" | undefined;
  /** Makes up for the activation, as {@link gainOf} says. Default √2, for ReLU. */
  readonly gain?: number | undefined;
}

/** The deviation gain / √fan of a weight of the shape. */
function deviation(what: string, { fan = "in", gain = Math.SQRT2 }: KaimingOptions): (shape: Shape) => number {
  expectPositive(what, "gain", gain);
  if (fan !== "in" && fan !== "out")
    throw new ConfigError(`${what}: fan must be "in" or "out", got ${JSON.stringify(fan)}`, { fan });
  return (shape) => gain / Math.sqrt(fansOf(shape, what)[fan]);
}

/**
 * Normal with the deviation gain / √fan, so that a deep network of rectifiers keeps its variance from layer to layer: what `Conv2d` does
 * unless told otherwise. For weights [out, in] and of convolutions; {@link fansOf} says what the fan is.
 *
 * Throws `ConfigError` for another fan or a gain that is not a finite number above 0, and `ShapeError`, once the shape is known, for fewer
 * than two axes.
 *
 * He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers: surpassing human-level performance on ImageNet classification".
 *
 * @example
 * ```ts
 * const weight = new Parameter([16, 8, 3, 3], kaimingNormal(random(1), { fan: "out" }));
 * ```
 */
export function kaimingNormal(random: Random, options: KaimingOptions = {}): Initial {
  const of = deviation("kaimingNormal", options);
  return (shape) => normal(random, of(shape))(shape);
}

/**
 * Uniform within gain · √(3 / fan), the variance of {@link kaimingNormal}. Throws as it does.
 *
 * He, Zhang, Ren and Sun 2015, "Delving deep into rectifiers: surpassing human-level performance on ImageNet classification".
 *
 * @example
 * ```ts
 * const layer = new Linear({ input: 16, output: 64, random: random(1), initial: kaimingUniform });
 * ```
 */
export function kaimingUniform(random: Random, options: KaimingOptions = {}): Initial {
  const of = deviation("kaimingUniform", options);
  return (shape) => uniformWithin(random, Math.sqrt(3) * of(shape))(shape);
}
