import { expectPositive } from "@tenon/nn";

import { expectAtLeast } from "../expect-options.ts";
import type { Schedule } from "./schedule.ts";
import { climbThen } from "./warm-up.ts";

/** What {@link warmUpInverseSquareRoot} needs to know. */
export interface InverseSquareRootOptions {
  /** The highest rate, reached at step `warmUp`. */
  readonly rate: number;
  /** Steps in which the rate climbs from rate / (warmUp + 1) in equal strides; 0 to begin at the top. */
  readonly warmUp: number;
}

/**
 * Climbs in equal strides, then falls with the square root of the steps done, without an end:
 *
 * rate · (n + 1) / (warmUp + 1) for n < warmUp, then rate · √((warmUp + 1) / (n + 1)).
 *
 * Throws `ConfigError` unless rate > 0 and warmUp is a whole number from 0 up.
 *
 * Vaswani et al. 2017, "Attention is all you need", by its highest rate instead of a width; {@link noam} is the paper's own form.
 *
 * @example
 * ```ts
 * const schedule = warmUpInverseSquareRoot({ rate: 1, warmUp: 3 });
 * console.log([0, 1, 2, 3, 15, 63].map(schedule)); // [ 0.25, 0.5, 0.75, 1, 0.5, 0.25 ]
 * ```
 */
export function warmUpInverseSquareRoot({ rate, warmUp }: InverseSquareRootOptions): Schedule {
  expectPositive("warmUpInverseSquareRoot", "rate", rate);
  expectAtLeast("warmUpInverseSquareRoot", "warmUp", warmUp, 0);
  return climbThen(rate, warmUp, (step) => rate * Math.sqrt((warmUp + 1) / (step + 1)));
}
