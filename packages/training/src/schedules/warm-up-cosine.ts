import type { Schedule } from "./schedule.ts";
import { warmUpThen, type WarmUpOptions } from "./warm-up.ts";

/**
 * Climbs in equal strides, then follows half a cosine down:
 *
 * rate · (n + 1) / (warmUp + 1) for n < warmUp, then floor + (rate − floor) · ½ (1 + cos(π (n − warmUp) / (steps − warmUp))),
 * and the floor from n = steps on.
 *
 * Throws `ConfigError` unless rate > 0, 0 ≤ warmUp < steps and 0 ≤ floor ≤ rate.
 *
 * Loshchilov and Hutter 2016, "SGDR: stochastic gradient descent with warm restarts", one period; with warm-up as in GPT-3
 * (Brown et al. 2020) and nanoGPT.
 *
 * @example
 * ```ts
 * const schedule = warmUpCosine({ rate: 1e-3, warmUp: 99, steps: 2099, floor: 1e-4 });
 * console.log(schedule(0), schedule(99), schedule(1099), schedule(2099)); // 0.00001 0.001 0.00055 0.0001
 * ```
 */
export function warmUpCosine(options: WarmUpOptions): Schedule {
  return warmUpThen("warmUpCosine", options, (progress) => (1 + Math.cos(Math.PI * progress)) / 2);
}
