import type { Random } from "@tenon/tensor";

import { expectPositive } from "../check-options.ts";
import { filled, type Initial } from "./initial.ts";

/** How {@link truncatedNormal} differs from the usual. */
export interface TruncatedNormalOptions {
  /** Numbers further from 0 than this many deviations are drawn again. Default 2. */
  readonly bound?: number | undefined;
}

/**
 * Normally distributed around 0, but for numbers beyond `bound` deviations, which are drawn again: BERT's weights, with the deviation 0.02.
 * The deviation is that before the cut; after a cut at 2 it is 0.88 of it.
 *
 * Throws `ConfigError` unless the deviation and the bound are finite numbers above 0.
 *
 * Devlin et al. 2018, "BERT: pre-training of deep bidirectional transformers", in its code.
 *
 * @example
 * ```ts
 * const table = new Parameter([100, 16], truncatedNormal(random(1).fork("table"), 0.02));
 * ```
 */
export function truncatedNormal(
  random: Random,
  deviation: number,
  { bound = 2 }: TruncatedNormalOptions = {},
): Initial {
  expectPositive("truncatedNormal", "deviation", deviation);
  expectPositive("truncatedNormal", "bound", bound);
  return (shape) => filled(shape, random, (stream) => within(bound, stream) * deviation);
}

function within(bound: number, stream: Random): number {
  for (;;) {
    const z = stream.normal();
    if (Math.abs(z) <= bound) return z;
  }
}
