/**
 * The learning rate of each step: a plain function of the number of steps done before it, from 0. Write your own, or take
 * `constant`, `warmUpCosine`, `warmUpLinear`, `warmUpPolynomial`, `warmUpInverseSquareRoot`, `noam` or `warmUpStableDecay`.
 *
 * @example
 * ```ts
 * const halving: Schedule = (step) => 1e-3 * 0.5 ** Math.floor(step / 1000);
 * console.log(halving(0), halving(1000)); // 0.001 0.0005
 * ```
 */
export type Schedule = (step: number) => number;
