import type { Update } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { cast } from "./cast.ts";
import { greater, less } from "./compare.ts";
import { expectAlike } from "./update-type.ts";

/** `decay` is the decoupled weight decay, multiplied by the rate. */
export type LionAttrs = { rate: number; beta1: number; beta2: number; decay: number };

/**
 * One step of Lion on a parameter p with its running mean m and its gradient g, all f32 and of one shape, → p, m. Run by
 * {@link Variable.update}:
 *
 * p ← (1 − rate · decay) p − rate · sign(β₁ m + (1 − β₁) g), m ← β₂ m + (1 − β₂) g, where sign is −1, 0 or 1. Throws `DTypeError` for
 * another dtype and `ShapeError` where shapes differ.
 *
 * Gradient: none.
 *
 * Chen et al. 2023, "Symbolic discovery of optimization algorithms".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [p, m] = [1, 0].map((x) => Variable.holding(tensor([x], [1], on)));
 * const attrs = { rate: 0.25, beta1: 0.5, beta2: 0.75, decay: 0 };
 * Variable.update(lionOp, [p!, m!], [tensor([-8], [1], on)], attrs);
 * console.log(await p!.value.read(), await m!.value.read()); // Float32Array(1) [ 1.25 ] Float32Array(1) [ -2 ]
 * ```
 */
export const lionOp: Update<[p: Tensor, m: Tensor, g: Tensor], LionAttrs, readonly [p: Tensor, m: Tensor]> = {
  kind: "update",
  name: "lion",
  gradient: null,
  dynamic: ["rate"],
  infer: ([p, m, g]) => {
    expectAlike("lion", { p, m, g });
    return [p, m];
  },
  compose: ([p, m, g], { rate, beta1, beta2, decay }) => {
    const direction = add(mul(m, beta1), mul(g, 1 - beta1));
    const sign = sub(cast(greater(direction, 0), "f32"), cast(less(direction, 0), "f32"));
    return [sub(mul(p, 1 - rate * decay), mul(sign, rate)), add(mul(m, beta2), mul(g, 1 - beta2))];
  },
};
