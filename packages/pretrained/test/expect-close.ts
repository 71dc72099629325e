import { expect } from "vitest";

/** The largest difference, which a whole model may have from the reference implementation: 1e-4 of the largest number, 1e-4 below 1. */
export function expectClose(found: ArrayLike<number>, expected: readonly number[], tolerance = 1e-4): void {
  expect(found.length).toBe(expected.length);
  let [worst, largest] = [0, 1];
  for (const [i, value] of expected.entries()) {
    worst = Math.max(worst, Math.abs(found[i]! - value) || (Number.isNaN(found[i]) ? Infinity : 0));
    largest = Math.max(largest, Math.abs(value));
  }
  expect(worst / largest).toBeLessThan(tolerance);
}
