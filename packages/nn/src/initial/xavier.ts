import type { Random } from "@tenon/tensor";

import { expectPositive } from "../check-options.ts";
import { fansOf } from "./fans.ts";
import { normal, uniformWithin, type Initial } from "./initial.ts";

/** How {@link xavier} and {@link xavierNormal} differ from the usual. */
export interface XavierOptions {
  /** The deviation is multiplied by this. Default 1; {@link gainOf} has others. */
  readonly gain?: number | undefined;
}

/**
 * Uniform within gain · √(6 / (in + out)), so that activations forward and gradients backward keep their variance: what `Linear` does
 * unless told otherwise. For weights [out, in] and of convolutions; {@link fansOf} says what `in` and `out` are.
 *
 * Throws `ConfigError` unless the gain is a finite number above 0, and `ShapeError`, once the shape is known, for fewer than two axes.
 *
 * Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
 *
 * @example
 * ```ts
 * const weight = new Parameter([64, 16], xavier(random(1)));
 * ```
 */
export function xavier(random: Random, { gain = 1 }: XavierOptions = {}): Initial {
  expectPositive("xavier", "gain", gain);
  return (shape) => {
    const fans = fansOf(shape, "xavier");
    return uniformWithin(random, gain * Math.sqrt(6 / (fans.in + fans.out)))(shape);
  };
}

/**
 * Normal with the deviation gain · √(2 / (in + out)), the variance of {@link xavier}. Throws as it does.
 *
 * Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks".
 *
 * @example
 * ```ts
 * const layer = new Linear({ input: 16, output: 64, random: random(1), initial: xavierNormal });
 * ```
 */
export function xavierNormal(random: Random, { gain = 1 }: XavierOptions = {}): Initial {
  expectPositive("xavierNormal", "gain", gain);
  return (shape) => {
    const fans = fansOf(shape, "xavierNormal");
    return normal(random, gain * Math.sqrt(2 / (fans.in + fans.out)))(shape);
  };
}
