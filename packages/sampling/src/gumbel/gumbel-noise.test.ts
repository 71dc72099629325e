import { type Backend, cpu, random, type TypedArray } from "@tenon/tensor";
import { alteredCpu } from "@tenon/tensor/testing";
import { expect, test } from "vitest";
import { gumbelNoise } from "./gumbel-noise.ts";

const { key } = random(51);
const read = (shape: readonly number[], counter: number, on: Backend = cpu()): Promise<TypedArray> =>
  gumbelNoise(shape, key, counter, on).read();

test("it follows the Gumbel distribution: e^(−e^(−g)) is uniform (chi-square, 31 degrees of freedom)", async () => {
  const counts = new Array<number>(32).fill(0);
  for (const g of await read([100, 500], 0)) counts[Math.floor(32 * Math.exp(-Math.exp(-g)))]!++;
  expect(counts.reduce((sum, count) => sum + (count - 1562.5) ** 2 / 1562.5, 0)).toBeLessThan(61.1);
});

// Every number that `uniform` can give lies between these.
test.each([
  ["the first cell", 0, 25 * Math.LN2],
  ["the second cell", 2 ** -24, 24 * Math.LN2 - Math.log(1.5)],
  ["the last cell below a half", 0.5 - 2 ** -24, -Math.log(Math.LN2)],
  ["the last cell but one", 1 - 2 ** -23, -Math.log(23 * Math.LN2)],
  ["the last cell", 1 - 2 ** -24, -Math.log(24 * Math.LN2)],
])("%s of 2^24 gives what it stands for", async (_, u, g) => {
  const on = alteredCpu({
    kernels: { uniform: (run) => (inputs, attrs, call) => (run(inputs, attrs, call) as TypedArray).fill(u) },
  });
  expect((await read([1], 0, on))[0]).toBeCloseTo(g, 5);
});

test("key and counter say which noise", async () => {
  const noise = await read([50], 1);
  expect(await read([50], 1)).toEqual(noise);
  expect(await read([50], 2)).not.toEqual(noise);
  expect(await gumbelNoise([50], random(52).key, 1, cpu()).read()).not.toEqual(noise);
  expect(await read([5, 10], 1)).toEqual(noise); // whatever the shape
});

test("a key or a counter that is none is refused", () => {
  expect(() => gumbelNoise([1], [1] as never, 0, cpu())).toThrow("needs random(seed).key");
  expect(() => gumbelNoise([1], key, 0.5, cpu())).toThrow("a whole number as counter");
});

test("it leaves nothing behind", () => {
  const on = cpu();
  gumbelNoise([8], key, 0, on)[Symbol.dispose]();
  expect(on.memory().tensors).toBe(0);
});
