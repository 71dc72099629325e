import { ConfigError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import type { RandomKey } from "../random.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { lessOrEqual } from "./compare.ts";
import { expectFloat } from "./operand.ts";
import { uniform } from "./source.ts";
import { where } from "./where.ts";

type DropoutAttrs = { rate: number; key: RandomKey; counter: number };

/** Keeps and scales the elements of x whose random number is at least the rate. */
function thin(x: Tensor, { rate, key, counter }: DropoutAttrs): Tensor {
  return where(lessOrEqual(rate, uniform(x.shape, key, counter, x.backend)), mul(x, 1 / (1 - rate)), 0);
}

export const dropoutOp: Composite<[x: Tensor], DropoutAttrs> = {
  kind: "composite",
  name: "dropout",
  infer: ([x]) => {
    expectFloat("dropout", x);
    return x;
  },
  saves: "none",
  dynamic: ["key", "counter"],
  compose: ([x], attrs) => thin(x, attrs),
  gradient: ({ upstream, attrs }) => [() => thin(upstream, attrs)], // draws the same numbers again instead of keeping them
};

/**
 * Sets each element to 0 with probability `rate` and divides the others by 1 − rate (Srivastava et al. 2014). Which ones is a
 * pure function of key and counter. Throws `ConfigError` unless 0 ≤ rate < 1.
 *
 * @example
 * ```ts
 * dropout(x, 0.1, random(7).key, step);
 * ```
 */
export function dropout(x: Tensor, rate: number, key: RandomKey, counter: number): Tensor {
  if (!(rate >= 0 && rate < 1))
    throw new ConfigError(`dropout: the rate must be at least 0 and below 1, got ${rate}`, { rate });
  return apply(dropoutOp, [x], { rate, key, counter });
}
