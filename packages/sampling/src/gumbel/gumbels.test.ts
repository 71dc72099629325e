import { type Random, random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { perturbed } from "./gumbels.ts";

const noise = (count: number, from: Random): Float64Array => perturbed(new Float32Array(count), from);
/** A generator that always gives the same number. */
const always = (u: number): Random => ({ uniform: () => u }) as never;

test("the noise has the mean and the variance of the standard Gumbel distribution, γ and π² / 6", () => {
  const n = 100_000;
  const g = noise(n, random(31));
  const mean = g.reduce((sum, x) => sum + x, 0) / n;
  const variance = g.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
  // Four standard errors; that of the variance from the kurtosis 5.4.
  expect(Math.abs(mean - 0.5772156649)).toBeLessThan((4 * 1.2825) / Math.sqrt(n));
  expect(Math.abs(variance - Math.PI ** 2 / 6)).toBeLessThan((4 * (Math.PI ** 2 / 6) * Math.sqrt(4.4)) / Math.sqrt(n));
});

test("the ends of 48 bits are finite and where they belong", () => {
  expect(noise(1, always(0))[0]).toBeCloseTo(-Math.log(49 * Math.LN2), 12);
  expect(noise(1, always(1 - 2 ** -24))[0]).toBeCloseTo(49 * Math.LN2, 12);
});

test("a token's noise depends on its place alone", () => {
  const all = perturbed(Float32Array.of(1, 2, 3, 4), random(32));
  const some = perturbed(Float32Array.of(1, -Infinity, 3, -Infinity), random(32));
  expect(Array.from(some)).toEqual([all[0], -Infinity, all[2], -Infinity]);
});
