import { ConfigError } from "../errors.ts";
import { apply, type Composite } from "../op.ts";
import { checkKey, type RandomKey } from "../random.ts";
import type { Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { lessOrEqual } from "./compare.ts";
import { expectFloat } from "./operand.ts";
import { uniform } from "./source.ts";
import { where } from "./where.ts";

type DropoutAttrs = { rate: number; key: RandomKey; counter: number };

export const dropoutOp: Composite<[x: Tensor], DropoutAttrs> = {
  kind: "composite",
  name: "dropout",
  infer: ([x], { key, counter }) => {
    expectFloat("dropout", x);
    checkKey("dropout", key, counter);
    return x;
  },
  saves: "none",
  dynamic: ["key", "counter"],
  compose: ([x], { rate, key, counter }) =>
    where(lessOrEqual(rate, uniform(x.shape, key, counter, x.backend)), mul(x, 1 / (1 - rate)), 0),
  gradient: ({ upstream, attrs }) => [() => apply(dropoutOp, [upstream], attrs)], // draws the same numbers again instead of keeping them
};

/**
 * Sets each element to 0 with probability `rate` and divides the others by 1 − rate, in the shape of x. Which ones is a pure function of
 * key and counter: element i stays where number i of {@link uniform} is at least the rate. f32, f16 or bf16. Throws `ConfigError` unless
 * 0 ≤ rate < 1, key is a key and counter a whole number, and `DTypeError` for another dtype.
 *
 * Gradient: upstream / (1 − rate) where the element stayed, else 0; the numbers are drawn again, not kept.
 *
 * Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
 *
 * @example
 * ```ts
 * const x = ones([8], cpu());
 * console.log(await dropout(x, 0.5, random(7).key, 0).read()); // Float32Array(8) [ 2, 2, 2, 0, 0, 0, 0, 2 ]
 * ```
 */
export function dropout(x: Tensor, rate: number, key: RandomKey, counter: number): Tensor {
  if (!(rate >= 0 && rate < 1))
    throw new ConfigError(`dropout: the rate must be at least 0 and below 1, got ${rate}`, { rate });
  return apply(dropoutOp, [x], { rate, key, counter });
}
