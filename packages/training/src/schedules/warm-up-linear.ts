import type { Schedule } from "./schedule.ts";
import { warmUpThen, type WarmUpOptions } from "./warm-up.ts";

/**
 * Climbs in equal strides, then goes straight down:
 *
 * rate · (n + 1) / (warmUp + 1) for n < warmUp, then floor + (rate − floor) · (steps − n) / (steps − warmUp), and the floor from
 * n = steps on.
 *
 * Throws `ConfigError` unless rate > 0, 0 ≤ warmUp < steps and 0 ≤ floor ≤ rate.
 *
 * Devlin et al. 2018, "BERT", trains with this schedule.
 *
 * @example
 * ```ts
 * const schedule = warmUpLinear({ rate: 1, warmUp: 1, steps: 5 });
 * console.log([0, 1, 2, 3, 4, 5].map(schedule)); // [ 0.5, 1, 0.75, 0.5, 0.25, 0 ]
 * ```
 */
export function warmUpLinear(options: WarmUpOptions): Schedule {
  return warmUpThen("warmUpLinear", options, (progress) => 1 - progress);
}
