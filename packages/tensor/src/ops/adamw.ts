import type { Update } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { sqrt } from "./pointwise.ts";
import { expectAlike } from "./update-type.ts";

/** `step` counts from 1; `decay` is the decoupled weight decay, multiplied by the rate. */
export type AdamWAttrs = { rate: number; beta1: number; beta2: number; epsilon: number; decay: number; step: number };

/** The two numbers of a step that depend on its index: the rate with the bias of m removed, and ε scaled as v's bias asks. */
export function adamwScales({ rate, beta1, beta2, epsilon, step }: AdamWAttrs): { scale: number; epsilon: number } {
  const deviation = Math.sqrt(1 - beta2 ** step);
  return { scale: (rate * deviation) / (1 - beta1 ** step), epsilon: epsilon * deviation };
}

/**
 * One step of AdamW on a parameter p with its moments m and v and its gradient g, all f32 and of one shape, → p, m, v. Run by
 * {@link Variable.update}, in place where the variable is the only holder:
 *
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← (1 − rate · decay) p − rate · m̂ / (√v̂ + ε), with m̂ = m / (1 − β₁ˢᵗᵉᵖ) and
 * v̂ = v / (1 − β₂ˢᵗᵉᵖ). Throws `DTypeError` for another dtype and `ShapeError` where shapes differ.
 *
 * Gradient: none.
 *
 * Loshchilov and Hutter 2017, "Decoupled weight decay regularization".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [p, m, v] = [1, 0, 0].map((x) => Variable.holding(tensor([x], [1], on)));
 * const attrs = { rate: 0.5, beta1: 0.5, beta2: 0.75, epsilon: 0, decay: 0, step: 1 };
 * Variable.update(adamwOp, [p!, m!, v!], [tensor([3], [1], on)], attrs);
 * console.log(await p!.value.read()); // Float32Array(1) [ 0.5 ]
 * ```
 */
export const adamwOp: Update<
  [p: Tensor, m: Tensor, v: Tensor, g: Tensor],
  AdamWAttrs,
  readonly [p: Tensor, m: Tensor, v: Tensor]
> = {
  kind: "update",
  name: "adamw",
  gradient: null,
  dynamic: ["rate", "step"],
  infer: ([p, m, v, g]) => {
    expectAlike("adamw", { p, m, v, g });
    return [p, m, v];
  },
  compose: ([p, m, v, g], attrs) => {
    const { rate, beta1, beta2, decay } = attrs;
    const { scale, epsilon } = adamwScales(attrs);
    const mean = add(mul(m, beta1), mul(g, 1 - beta1));
    const square = add(mul(v, beta2), mul(mul(g, g), 1 - beta2));
    return [sub(mul(p, 1 - rate * decay), mul(div(mean, add(sqrt(square), epsilon)), scale)), mean, square];
  },
};
