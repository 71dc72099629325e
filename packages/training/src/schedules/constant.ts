import { expectPositive } from "@tenon/nn";

import type { Schedule } from "./schedule.ts";

/**
 * The same rate at every step. Throws `ConfigError` unless it is a finite number above 0.
 *
 * @example
 * ```ts
 * console.log(constant(1e-3)(500)); // 0.001
 * ```
 */
export function constant(rate: number): Schedule {
  expectPositive("constant", "rate", rate);
  return () => rate;
}
