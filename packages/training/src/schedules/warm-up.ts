import { expectPositive, expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import type { Schedule } from "./schedule.ts";

/** The corners of a schedule that warms up and then decays. */
export interface WarmUpOptions {
  /** The highest rate, reached at step `warmUp`. */
  readonly rate: number;
  /** Steps in which the rate climbs from rate / (warmUp + 1) in equal strides; 0 to begin at the top. */
  readonly warmUp: number;
  /** The step at which the rate has come down to the floor: usually the length of the run. */
  readonly steps: number;
  /** The rate from there on. Default 0. */
  readonly floor?: number | undefined;
}

/** Throws `ConfigError` unless rate > 0, 0 ≤ warmUp < steps and 0 ≤ floor ≤ rate; gives the corners with the default floor. */
export function expectCorners(
  name: string,
  { rate, warmUp, steps, floor = 0 }: WarmUpOptions,
): Record<keyof WarmUpOptions, number> {
  expectPositive(name, "rate", rate);
  expectSize(name, "steps", steps);
  if (!(Number.isSafeInteger(warmUp) && warmUp >= 0 && warmUp < steps)) {
    throw new ConfigError(
      `${name}: warmUp must be a whole number from 0 to ${steps - 1}, one less than the number of steps, got ${warmUp}`,
      { warmUp, steps },
    );
  }
  if (!(floor >= 0 && floor <= rate)) {
    throw new ConfigError(`${name}: floor must be from 0 to the rate ${rate}, got ${floor}`, { floor, rate });
  }
  return { rate, warmUp, steps, floor };
}

/** Climbs to the rate in warmUp equal strides, then does as `after` says. */
export function climbThen(rate: number, warmUp: number, after: Schedule): Schedule {
  return (step) => (step < warmUp ? (rate * (step + 1)) / (warmUp + 1) : after(step));
}

/** Warms up, then goes from rate to floor as `remaining` goes from 1 to 0 over the progress 0 … 1. */
export function warmUpThen(name: string, options: WarmUpOptions, remaining: (progress: number) => number): Schedule {
  const { rate, warmUp, steps, floor } = expectCorners(name, options);
  return climbThen(rate, warmUp, (step) =>
    step >= steps ? floor : floor + (rate - floor) * remaining((step - warmUp) / (steps - warmUp)),
  );
}
