import { constant } from "./constant.ts";
import type { Schedule } from "./schedule.ts";
import { warmUpCosine } from "./warm-up-cosine.ts";
import { warmUpInverseSquareRoot } from "./warm-up-inverse-square-root.ts";
import { warmUpLinear } from "./warm-up-linear.ts";
import { warmUpStableDecay } from "./warm-up-stable-decay.ts";

/** The schedules that {@link namedSchedule} makes. */
export const scheduleNames = ["cosine", "linear", "inverse-square-root", "stable-decay", "constant"] as const;
/** One of {@link scheduleNames}. */
export type ScheduleName = (typeof scheduleNames)[number];

/** The corners of a schedule. */
export interface NamedScheduleOptions {
  /** The highest rate. */
  readonly rate: number;
  /** Steps in which it climbs there. */
  readonly warmUp: number;
  /** The length of the run. */
  readonly steps: number;
}

/**
 * The schedule of a name that somebody chose: for a flag, or a list on a page. Cosine goes down to a tenth of the rate, as in nanoGPT; stable-decay stays up until the last
 * fifth; constant has no warm-up.
 *
 * Throws `ConfigError` for what the schedule refuses.
 *
 * @example
 * ```ts
 * const rate = namedSchedule("cosine", { rate: 0.001, warmUp: 10, steps: 100 });
 * console.log(rate(10), rate(100)); // 0.001 0.0001
 * ```
 */
export function namedSchedule(name: ScheduleName, { rate, warmUp, steps }: NamedScheduleOptions): Schedule {
  switch (name) {
    case "cosine":
      return warmUpCosine({ rate, warmUp, steps, floor: rate / 10 });
    case "linear":
      return warmUpLinear({ rate, warmUp, steps });
    case "inverse-square-root":
      return warmUpInverseSquareRoot({ rate, warmUp });
    case "stable-decay":
      return warmUpStableDecay({
        rate,
        warmUp,
        steps,
        decay: Math.max(1, Math.min(Math.round(steps / 5), steps - warmUp)),
      });
    case "constant":
      return constant(rate);
  }
}
