import { expectPositive } from "@tenon/nn";

import type { Schedule } from "./schedule.ts";
import { warmUpThen, type WarmUpOptions } from "./warm-up.ts";

/** What {@link warmUpPolynomial} needs to know. */
export interface PolynomialOptions extends WarmUpOptions {
  /** The power of the part of the way that remains. 1 is a straight line. */
  readonly power: number;
}

/**
 * Climbs in equal strides, then goes down by a power of what remains of the way:
 *
 * rate · (n + 1) / (warmUp + 1) for n < warmUp, then floor + (rate − floor) · ((steps − n) / (steps − warmUp))^power, and the floor from
 * n = steps on.
 *
 * Throws `ConfigError` unless rate > 0, 0 ≤ warmUp < steps, 0 ≤ floor ≤ rate and power > 0.
 *
 * @example
 * ```ts
 * const schedule = warmUpPolynomial({ rate: 1, warmUp: 1, steps: 5, power: 2 });
 * console.log([0, 1, 2, 3, 4, 5].map(schedule)); // [ 0.5, 1, 0.5625, 0.25, 0.0625, 0 ]
 * ```
 */
export function warmUpPolynomial({ power, ...options }: PolynomialOptions): Schedule {
  expectPositive("warmUpPolynomial", "power", power);
  return warmUpThen("warmUpPolynomial", options, (progress) => (1 - progress) ** power);
}
