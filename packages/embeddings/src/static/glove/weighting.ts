import { ConfigError } from "@tenon/tensor";
import type { Filled } from "../filled.ts";

/** How much a pair that occurs x times counts in the loss: f(x) = min(1, (x / xMax)^α), Pennington et al. 2014, equation 9. */
export interface Weighting {
  /** From this count on the weight is 1. Default: 100. */
  readonly xMax?: number | undefined;
  /** Default: 0.75. */
  readonly alpha?: number | undefined;
}

export function checkedWeighting(what: string, { xMax = 100, alpha = 0.75 }: Weighting): Filled<Weighting> {
  if (!(xMax > 0 && xMax < Infinity)) throw new ConfigError(`${what}: xMax is a number above 0, got ${xMax}`, { xMax });
  if (!(alpha >= 0 && alpha < Infinity))
    throw new ConfigError(`${what}: alpha is a number from 0 on, got ${alpha}`, { alpha });
  return { xMax, alpha };
}

/** f(x) of {@link Weighting}. */
export const weightOf = (x: number, { xMax, alpha }: Filled<Weighting>): number => (x > xMax ? 1 : (x / xMax) ** alpha);
