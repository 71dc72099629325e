import type { Shape } from "@tenon/tensor";
import type { Plain } from "@tenon/tensor/testing";

const show = (shape: Shape): string => `[${shape.join(", ")}]`;

/**
 * Throws unless the arrays agree: same dtype and shape, NaN where NaN, the same infinities, and elsewhere a difference of at most
 * `tolerance` times the size of what is expected, or times `scale` where that is larger. The default scale is 1.
 */
export function compare(actual: Plain, expected: Plain, tolerance: number, what: string, scale = 1): void {
  if (actual.dtype !== expected.dtype || actual.shape.join() !== expected.shape.join()) {
    throw new Error(
      `${what}: got ${actual.dtype} ${show(actual.shape)}, expected ${expected.dtype} ${show(expected.shape)}`,
    );
  }
  compareNumbers(actual.data, expected.data, tolerance, what, scale);
}

/** The same for the elements alone. */
export function compareNumbers(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
  scale = 1,
): void {
  if (actual.length !== expected.length)
    throw new Error(`${what}: got ${actual.length} elements, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    const a = actual[i]!;
    const e = expected[i]!;
    if (a === e || (a !== a && e !== e)) continue;
    if (Math.abs(a - e) <= tolerance * Math.max(scale, Math.abs(e)) && Number.isFinite(e)) continue;
    throw new Error(`${what}: element ${i} is ${a}, expected ${e} to within ${tolerance}`);
  }
}

/** The largest finite magnitude, for results whose error grows with their inputs rather than with themselves. */
export const sizeOfLargest = (data: ArrayLike<number>): number => {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]!);
    if (Number.isFinite(size) && size > largest) largest = size;
  }
  return largest;
};
