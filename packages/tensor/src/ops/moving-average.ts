import type { Update } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul } from "./arithmetic.ts";
import { expectAlike } from "./update-type.ts";

/** `decay` is how much of the average is kept. */
export type MovingAverageAttrs = { decay: number };

/**
 * One step of an exponential moving average a of a parameter p, both f32 and of one shape, → a. Run by {@link Variable.update}:
 *
 * a ← decay · a + (1 − decay) · p. Throws `DTypeError` for another dtype and `ShapeError` where shapes differ.
 *
 * Gradient: none.
 *
 * Polyak and Juditsky 1992, "Acceleration of stochastic approximation by averaging".
 *
 * @example
 * ```ts
 * const on = cpu();
 * const a = Variable.holding(tensor([1, 2], [2], on));
 * Variable.update(movingAverageOp, [a], [tensor([5, 2], [2], on)], { decay: 0.75 });
 * console.log(await a.value.read()); // Float32Array(2) [ 2, 2 ]
 * ```
 */
export const movingAverageOp: Update<[a: Tensor, p: Tensor], MovingAverageAttrs, readonly [a: Tensor]> = {
  kind: "update",
  name: "movingAverage",
  gradient: null,
  dynamic: ["decay"],
  infer: ([a, p]) => {
    expectAlike("movingAverage", { p, a });
    return [a];
  },
  compose: ([a, p], { decay }) => [add(mul(a, decay), mul(p, 1 - decay))],
};
