import { expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import type { Schedule } from "./schedule.ts";
import { climbThen, expectCorners, type WarmUpOptions } from "./warm-up.ts";

/** What {@link warmUpStableDecay} needs to know. */
export interface StableDecayOptions extends WarmUpOptions {
  /** Steps at the end in which the rate comes down. MiniCPM takes a tenth of all. */
  readonly decay: number;
  /** How it comes down: "linear", or by "squareRoot", faster at first. Default "linear". */
  readonly shape?: "linear" | "squareRoot" | undefined;
}

/**
 * Climbs in equal strides, stays at the top, and comes down at the end. A run can be made longer from before its decay, without one
 * being begun anew. With x = (n − (steps − decay)) / decay from 0 to 1:
 *
 * rate · (n + 1) / (warmUp + 1) for n < warmUp, then rate, then floor + (rate − floor) · (1 − x), or (1 − √x) for "squareRoot", and the floor from
 * n = steps on.
 *
 * Throws `ConfigError` unless rate > 0, 0 ≤ floor ≤ rate, 1 ≤ decay and warmUp + decay ≤ steps.
 *
 * Hu et al. 2024, "MiniCPM"; 1 − √x is Hägele et al. 2024, "Scaling laws and compute-optimal training beyond fixed training durations".
 *
 * @example
 * ```ts
 * const schedule = warmUpStableDecay({ rate: 1, warmUp: 1, steps: 8, decay: 4 });
 * console.log([0, 1, 4, 5, 6, 7, 8].map(schedule)); // [ 0.5, 1, 1, 0.75, 0.5, 0.25, 0 ]
 * ```
 */
export function warmUpStableDecay({ decay, shape = "linear", ...options }: StableDecayOptions): Schedule {
  const { rate, warmUp, steps, floor } = expectCorners("warmUpStableDecay", options);
  expectSize("warmUpStableDecay", "decay", decay);
  if (decay > steps - warmUp)
    throw new ConfigError(
      `warmUpStableDecay: decay must be at most ${steps - warmUp}, the steps that the warm-up leaves, got ${decay}`,
      { decay, warmUp, steps },
    );
  const remaining = shapes.get(shape);
  if (remaining === undefined)
    throw new ConfigError(`warmUpStableDecay: shape must be "linear" or "squareRoot", got ${JSON.stringify(shape)}`, {
      shape,
    });
  const start = steps - decay;
  return climbThen(rate, warmUp, (step) => {
    if (step <= start) return rate;
    return step >= steps ? floor : floor + (rate - floor) * remaining((step - start) / decay);
  });
}

const shapes: ReadonlyMap<string, (progress: number) => number> = new Map([
  ["linear", (x: number) => 1 - x],
  ["squareRoot", (x: number) => 1 - Math.sqrt(x)],
]);
