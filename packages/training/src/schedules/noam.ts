import { expectPositive, expectSize } from "@tenon/nn";

import type { Schedule } from "./schedule.ts";

/** What {@link noam} needs to know. */
export interface NoamOptions {
  /** d: the width of the model. */
  readonly width: number;
  /** Steps in which the rate climbs. The paper takes 4000. */
  readonly warmUp: number;
  /** What all rates are multiplied by. Default 1. */
  readonly factor?: number | undefined;
}

/**
 * The schedule of the first transformer, named after Noam Shazeer; n counts the steps done before, so the paper's step is n + 1:
 *
 * factor · width^−½ · min((n + 1)^−½, (n + 1) · warmUp^−1½).
 *
 * Its highest rate, at n = warmUp − 1, is factor / √(width · warmUp). Throws `ConfigError` unless width and warmUp are whole numbers from 1 up and
 * factor > 0.
 *
 * Vaswani et al. 2017, "Attention is all you need", section 5.3.
 *
 * @example
 * ```ts
 * const schedule = noam({ width: 256, warmUp: 4 });
 * console.log([0, 1, 3, 15].map(schedule)); // [ 0.0078125, 0.015625, 0.03125, 0.015625 ]
 * ```
 */
export function noam({ width, warmUp, factor = 1 }: NoamOptions): Schedule {
  expectSize("noam", "width", width);
  expectSize("noam", "warmUp", warmUp);
  expectPositive("noam", "factor", factor);
  return (step) => (factor / Math.sqrt(width)) * Math.min(1 / Math.sqrt(step + 1), (step + 1) / warmUp ** 1.5);
}
