import { sizeOf, type Random, type Shape } from "@tenon/tensor";

import { expectPositive } from "../check-options.ts";

/**
 * The values that a parameter begins with, row-major. A pure function, called when the values are first needed: a model that is
 * loaded from a checkpoint never computes them.
 */
export type Initial = (shape: Shape) => Float32Array;

/**
 * Chooses initial values once a part knows its stream of random numbers. Parts take this as their option `initial`.
 *
 * @example
 * ```ts
 * new Linear({ input: 4, output: 4, random: random(1), initial: (random) => normal(random, 0.02) });
 * ```
 */
export type Initialiser = (random: Random) => Initial;

/** Fills with what `draw` makes of a stream that begins anew at each call, which is what makes an {@link Initial} pure. */
export function filled(shape: Shape, random: Random, draw: (stream: Random) => number): Float32Array {
  const stream = random.fork("values");
  const values = new Float32Array(sizeOf(shape));
  for (let i = 0; i < values.length; i++) values[i] = draw(stream);
  return values;
}

/**
 * All 0: the usual beginning of a bias.
 *
 * @example
 * ```ts
 * console.log(zeros([3])); // Float32Array(3) [ 0, 0, 0 ]
 * const bias = new Parameter([8], zeros);
 * ```
 */
export const zeros: Initial = (shape) => new Float32Array(sizeOf(shape));

/**
 * All 1: the usual beginning of a norm's weight.
 *
 * @example
 * ```ts
 * console.log(ones([3])); // Float32Array(3) [ 1, 1, 1 ]
 * const weight = new Parameter([8], ones);
 * ```
 */
export const ones: Initial = (shape) => new Float32Array(sizeOf(shape)).fill(1);

/**
 * Normally distributed around 0. GPT-2 and BERT use the deviation 0.02 (Radford et al. 2019, Devlin et al. 2018).
 * Throws `ConfigError` unless the deviation is a finite number above 0.
 *
 * @example
 * ```ts
 * const table = new Parameter([100, 16], normal(random(1).fork("table"), 0.02));
 * ```
 */
export function normal(random: Random, deviation: number): Initial {
  expectPositive("normal", "deviation", deviation);
  return (shape) => filled(shape, random, (stream) => stream.normal() * deviation);
}

/**
 * Uniformly distributed between −bound and bound. Throws `ConfigError` unless the bound is a finite number above 0.
 *
 * @example
 * ```ts
 * const weight = new Parameter([16, 16], uniformWithin(random(1), 0.25));
 * ```
 */
export function uniformWithin(random: Random, bound: number): Initial {
  expectPositive("uniformWithin", "bound", bound);
  return (shape) => filled(shape, random, (stream) => (2 * stream.uniform() - 1) * bound);
}
