import { ShapeError } from "../errors.ts";
import type { Update } from "../op.ts";
import { sameShape, show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, div, mul, sub } from "./arithmetic.ts";
import { expectDType } from "./operand.ts";
import { sqrt } from "./pointwise.ts";

/** `step` counts from 1; `decay` is the decoupled weight decay, multiplied by the rate. */
export type AdamWAttrs = { rate: number; beta1: number; beta2: number; epsilon: number; decay: number; step: number };

/** The two numbers of a step that depend on its index: the rate with the bias of m removed, and ε scaled as v's bias asks. */
export function adamwScales({ rate, beta1, beta2, epsilon, step }: AdamWAttrs): { scale: number; epsilon: number } {
  const deviation = Math.sqrt(1 - beta2 ** step);
  return { scale: (rate * deviation) / (1 - beta1 ** step), epsilon: epsilon * deviation };
}

/**
 * One step of AdamW (Loshchilov and Hutter 2017) on parameter p with moments m and v and gradient g:
 * m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², p ← (1 − rate · decay) p − rate · m̂ / (√v̂ + ε).
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
    for (const [name, x] of Object.entries({ p, m, v, g })) {
      expectDType("adamw", x, "f32", name);
      if (!sameShape(x.shape, p.shape))
        throw new ShapeError(`adamw: ${name} ${show(x.shape)} must be the shape of the parameter ${show(p.shape)}`, {
          parameter: p.shape,
          [name]: x.shape,
        });
    }
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
