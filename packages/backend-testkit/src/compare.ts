import type { Shape } from "@tenon/tensor";
import { expectNumbers, type Plain } from "@tenon/tensor/testing";

const show = (shape: Shape): string => `[${shape.join(", ")}]`;

/** Throws unless the arrays have the same dtype and shape and agree, as {@link expectNumbers} says, in their elements. */
export function compare(actual: Plain, expected: Plain, tolerance: number, what: string, scale = 1): void {
  if (actual.dtype !== expected.dtype || actual.shape.join() !== expected.shape.join()) {
    throw new Error(
      `${what}: got ${actual.dtype} ${show(actual.shape)}, expected ${expected.dtype} ${show(expected.shape)}`,
    );
  }
  expectNumbers(actual.data, expected.data, tolerance, what, scale);
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
