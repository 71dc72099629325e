import { expect } from "vitest";

/** So many numbers, all alike and none like its neighbours, from 0.5 to 1.5: a sum of them has no way to look right by chance. */
export const numbers = (count: number, seed = 1): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => 0.5 + (((i + seed) * 7919) % 10007) / 10007);

/** Expects numbers to be within `tolerance` of what is right, relative to the larger of it and `floor`. */
export function expectNear(actual: ArrayLike<number>, right: ArrayLike<number>, tolerance = 1e-5, floor = 1e-3): void {
  expect(actual).toHaveLength(right.length);
  for (let i = 0; i < right.length; i++) {
    const off = Math.abs(actual[i]! - right[i]!) / Math.max(Math.abs(right[i]!), floor);
    if (!(off <= tolerance))
      expect.fail(`element ${i} is ${actual[i]}, not ${right[i]}: off by ${off.toExponential(1)}`);
  }
}

/** How far numbers are from what is right, in parts of the largest of those. */
export function largestDifference(actual: ArrayLike<number>, right: ArrayLike<number>): number {
  expect(actual).toHaveLength(right.length);
  let [off, largest] = [0, 0];
  for (let i = 0; i < right.length; i++) {
    const each = Math.abs(actual[i]! - right[i]!);
    if (Number.isNaN(each)) return NaN;
    off = Math.max(off, each);
    largest = Math.max(largest, Math.abs(right[i]!));
  }
  return largest === 0 ? off : off / largest;
}
