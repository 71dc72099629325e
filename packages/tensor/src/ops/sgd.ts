import type { Update } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./arithmetic.ts";
import { expectAlike } from "./update-type.ts";

/** `decay` is the weight decay: the weight of the penalty ½ ‖p‖² that the gradient is taken with. */
export type SgdAttrs = { rate: number; decay: number };
/** `momentum` is how much of the velocity is kept; `nesterov` says whether the step looks ahead. */
export type SgdMomentumAttrs = SgdAttrs & { momentum: number; nesterov: boolean };

/**
 * One step of gradient descent on a parameter p with its gradient g, both f32 and of one shape, → p. Run by {@link Variable.update}:
 *
 * p ← p − rate · (g + decay · p). Throws `DTypeError` for another dtype and `ShapeError` where shapes differ.
 *
 * Gradient: none.
 *
 * Robbins and Monro 1951, "A stochastic approximation method".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const p = Variable.holding(tensor([1, 2], [2], on));
 * Variable.update(sgdOp, [p], [tensor([4, -4], [2], on)], { rate: 0.25, decay: 0 });
 * console.log(await p.value.read()); // Float32Array(2) [ 0, 3 ]
 * ```
 */
export const sgdOp: Update<[p: Tensor, g: Tensor], SgdAttrs, readonly [p: Tensor]> = {
  kind: "update",
  name: "sgd",
  gradient: null,
  dynamic: ["rate"],
  infer: ([p, g]) => {
    expectAlike("sgd", { p, g });
    return [p];
  },
  compose: ([p, g], { rate, decay }) => [sub(mul(p, 1 - rate * decay), mul(g, rate))],
};

/**
 * One step of gradient descent with momentum on a parameter p with its velocity u and its gradient g, all f32 and of one shape, → p, u.
 * Run by {@link Variable.update}:
 *
 * u ← momentum · u + g + decay · p, p ← p − rate · u, or with Nesterov's look ahead p ← p − rate · (g + decay · p + momentum · u).
 * Throws `DTypeError` for another dtype and `ShapeError` where shapes differ.
 *
 * Gradient: none.
 *
 * Polyak 1964, "Some methods of speeding up the convergence of iteration methods"; Sutskever, Martens, Dahl and Hinton 2013, "On the
 * importance of initialization and momentum in deep learning".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const [p, u] = [1, 2].map((x) => Variable.holding(tensor([x], [1], on)));
 * const attrs = { rate: 0.25, decay: 0, momentum: 0.5, nesterov: false };
 * Variable.update(sgdMomentumOp, [p!, u!], [tensor([3], [1], on)], attrs);
 * console.log(await p!.value.read(), await u!.value.read()); // Float32Array(1) [ 0 ] Float32Array(1) [ 4 ]
 * ```
 */
export const sgdMomentumOp: Update<
  [p: Tensor, u: Tensor, g: Tensor],
  SgdMomentumAttrs,
  readonly [p: Tensor, u: Tensor]
> = {
  kind: "update",
  name: "sgdMomentum",
  gradient: null,
  dynamic: ["rate"],
  infer: ([p, u, g]) => {
    expectAlike("sgdMomentum", { p, u, g });
    return [p, u];
  },
  compose: ([p, u, g], { rate, decay, momentum, nesterov }) => {
    const slope = add(g, mul(p, decay));
    const velocity = add(mul(u, momentum), slope);
    return [sub(p, mul(nesterov ? add(slope, mul(velocity, momentum)) : velocity, rate)), velocity];
  },
};
