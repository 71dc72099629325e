import { ConfigError } from "@tenon/tensor";
import { checkOptions } from "../generate/checks.ts";

/**
 * The temperature of a step, which counts from 0.
 *
 * @example
 * ```ts
 * const constant: Annealing = () => 0.7;
 * console.log(constant(100)); // 0.7
 * ```
 */
export type Annealing = (step: number) => number;

/**
 * How {@link exponentialAnnealing} falls.
 *
 * @example
 * ```ts
 * const options: ExponentialAnnealingOptions = { rate: 1e-4, every: 500 };
 * console.log(options.rate); // 0.0001
 * ```
 */
export interface ExponentialAnnealingOptions {
  /** r, above 0: after 1 / r steps the temperature is 1 / e of what it was. */
  readonly rate: number;
  /** The temperature of step 0; 1 unless said. */
  readonly start?: number | undefined;
  /** What it never falls below, above 0 and at most `start`; 0.5 unless said. */
  readonly floor?: number | undefined;
  /** It changes at multiples of so many steps and stays in between; 1 unless said. */
  readonly every?: number | undefined;
}

const exponentialNames = { rate: 0, start: 0, floor: 0, every: 0 } satisfies Record<
  keyof ExponentialAnnealingOptions,
  0
>;

/**
 * A temperature that falls exponentially to a floor: τ(n) = max(floor, start · e^(−rate · n)), with n the step rounded down to a multiple
 * of `every`.
 *
 * Throws `ConfigError` for a rate, start or floor that is no number above 0, a floor above the start, an `every` that is no whole number of
 * at least 1, and an option that does not exist; the function it gives throws it for a step that is no whole number of at least 0.
 *
 * Jang, Gu and Poole 2017, "Categorical reparameterization with Gumbel-softmax", who took rates of 10⁻⁵ and 10⁻⁴, a floor of 0.5 and every
 * 500 or 1000 steps.
 *
 * @example
 * ```ts
 * const temperature = exponentialAnnealing({ rate: 1e-3 });
 * console.log([0, 100, 1000].map((step) => temperature(step).toFixed(3)).join(" ")); // 1.000 0.905 0.500
 * ```
 */
export function exponentialAnnealing(options: ExponentialAnnealingOptions): Annealing {
  const who = "exponentialAnnealing()";
  checkOptions(who, options, exponentialNames);
  const { rate, start = 1, floor = 0.5, every = 1 } = options;
  checkPositive(who, { rate, start, floor });
  if (floor > start) {
    throw new ConfigError(
      `${who}: the floor ${floor} is above the start ${start}, so nothing would fall. Lower it, or raise the start.`,
      { floor, start },
    );
  }
  if (!Number.isSafeInteger(every) || every < 1) {
    throw new ConfigError(`${who}: every is a whole number of steps, at least 1, got ${every}`, { every });
  }
  return (step) => {
    checkStep(who, step);
    return Math.max(floor, start * Math.exp(-rate * (step - (step % every))));
  };
}

/**
 * How {@link linearAnnealing} goes.
 *
 * @example
 * ```ts
 * const options: LinearAnnealingOptions = { start: 2, end: 0.2, steps: 1000 };
 * console.log(options.steps); // 1000
 * ```
 */
export interface LinearAnnealingOptions {
  /** The temperature of step 0. */
  readonly start: number;
  /** That from step `steps` on, above 0; it may be above the start. */
  readonly end: number;
  /** How many steps it takes, at least 1. */
  readonly steps: number;
}

const linearNames = { start: 0, end: 0, steps: 0 } satisfies Record<keyof LinearAnnealingOptions, 0>;

/**
 * A temperature that goes from one value to another in a straight line and stays there: τ(n) = start + (end − start) · min(1, n / steps).
 *
 * Throws `ConfigError` for a start or an end that is no number above 0, a number of steps that is no whole one of at least 1, and an option
 * that does not exist; the function it gives throws it for a step that is no whole number of at least 0.
 *
 * @example
 * ```ts
 * const temperature = linearAnnealing({ start: 2, end: 0.5, steps: 100 });
 * console.log(temperature(0), temperature(50), temperature(1000)); // 2 1.25 0.5
 * ```
 */
export function linearAnnealing(options: LinearAnnealingOptions): Annealing {
  const who = "linearAnnealing()";
  checkOptions(who, options, linearNames);
  const { start, end, steps } = options;
  checkPositive(who, { start, end });
  if (!Number.isSafeInteger(steps) || steps < 1) {
    throw new ConfigError(`${who}: steps is a whole number of at least 1, got ${steps}`, { steps });
  }
  return (step) => {
    checkStep(who, step);
    return step >= steps ? end : start + ((end - start) * step) / steps;
  };
}

function checkPositive(who: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number" && value > 0 && value < Infinity) continue;
    throw new ConfigError(`${who}: ${name} is a number above 0, got ${value}`, { [name]: value });
  }
}

function checkStep(who: string, step: number): void {
  if (Number.isSafeInteger(step) && step >= 0) return;
  throw new ConfigError(`${who}: a step is a whole number, from 0 on, got ${step}`, { step });
}
