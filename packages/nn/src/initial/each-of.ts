import { sizeOf } from "@tenon/tensor";

import type { Initialiser } from "./initial.ts";

/**
 * For weights that are stacked along the first axis, such as those of experts, [count, out, in]: each begins as one alone would, from a
 * fork of its own.
 *
 * @example
 * ```ts
 * const up = new Parameter([8, 64, 16], eachOf(xavier)(random(1).fork("up"))); // within √(6 / (16 + 64))
 * ```
 */
export function eachOf(initialiser: Initialiser): Initialiser {
  return (random) => (shape) => {
    const [count = 0, ...one] = shape;
    const values = new Float32Array(sizeOf(shape));
    for (let i = 0; i < count; i++) values.set(initialiser(random.fork(i))(one), i * sizeOf(one));
    return values;
  };
}
