import { expectSize } from "@tenon/nn";

import type { RotaryScaling } from "./rotary-scaling.ts";

/**
 * A scaling that takes every text for one of this length, however long it is so far. With it {@link dynamicNtkScaling} and {@link longRopeScaling} give the same
 * for a text that is generated token by token, with a cache, as for one that is read at once.
 *
 * Throws `ConfigError` unless the length is a whole number from 1 up.
 *
 * @example
 * ```ts
 * const scaling = forLength(16384, dynamicNtkScaling({ factor: 1, context: 4096 }));
 * const position = new RotaryPosition({ width: 64, scaling, context: 16384 });
 * console.log(position.rotation(1).frequencies[31] === position.rotation(9000).frequencies[31]); // true
 * ```
 */
export function forLength(length: number, scaling: RotaryScaling): RotaryScaling {
  expectSize("forLength", "length", length);
  return { rotation: (rotary) => scaling.rotation({ ...rotary, length }) };
}
