import { checkGradients, Parameter, Part } from "@tenon/nn";
import { cpu, mul, sum, tensor, zeros, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose, refusal } from "../../test/models.ts";
import { poolings, type PoolingName } from "./pooling.ts";

const names = Object.keys(poolings) as PoolingName[];
const on = cpu();
const x = (): Tensor => tensor([1, -5, 2, -7, 9, -6, 4, -1, 3, -2, 8, -9], [2, 3, 2], on);
const real = (flags: number[]): Tensor => tensor(flags, [2, 3], on, "bool");

test("of all tokens", async () => {
  const found = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, [...(await poolings[name](x()).read())]] as const)),
  );
  expect(found).toEqual({ mean: [4, -6, 5, -4], first: [1, -5, 4, -1], max: [9, -5, 8, -1], last: [9, -6, 8, -9] });
});

test("of the real ones, which padding ends, begins and interrupts", async () => {
  const of = async (name: PoolingName, flags: number[]): Promise<number[]> => [
    ...(await poolings[name](x(), real(flags)).read()),
  ];
  const ends = [1, 1, 0, 0, 1, 1];
  expect(await of("mean", ends)).toEqual([1.5, -6, 5.5, -5.5]);
  expect(await of("first", ends)).toEqual([1, -5, 3, -2]);
  expect(await of("max", ends)).toEqual([2, -5, 8, -2]);
  expect(await of("last", ends)).toEqual([2, -7, 8, -9]);
  const between = [0, 1, 0, 1, 0, 1];
  expect(await of("mean", between)).toEqual([2, -7, 6, -5]);
  expect(await of("first", between)).toEqual([2, -7, 4, -1]);
  expect(await of("last", between)).toEqual([2, -7, 8, -9]);
});

test.each(names)("%s of no real token gives zeros, and gradients that are finite", async (name) => {
  const nothing = (): Tensor => real([0, 0, 0, 1, 1, 1]);
  const pooled = await poolings[name](x(), nothing()).read();
  expect([...pooled.slice(0, 2)]).toEqual([0, 0]);
  expectClose(pooled.slice(2), (await poolings[name](x()).read()).slice(2), 1e-6);
  class Vectors extends Part {
    readonly x = new Parameter([2, 3, 2], () => Float32Array.of(1, -5, 2, -7, 9, -6, 4, -1, 3, -2, 8, -9));
  }
  const double = cpu({ precision: "f64" });
  const part = await new Vectors().to(double);
  const flags = tensor([0, 0, 0, 1, 0, 1], [2, 3], double, "bool");
  const weights = tensor([1, 2, 3, 4], [2, 2], double);
  await checkGradients(part, () => sum(mul(poolings[name](part.x.value, flags), weights)));
});

test.each(names)("%s refuses other shapes", (name) => {
  expect(refusal(() => poolings[name](zeros([2, 3], on)))).toBe("ShapeError: pooling: x must be [b, t, d], got [2, 3]");
  expect(refusal(() => poolings[name](x(), zeros([1, 3], on, "bool")))).toBe(
    "ShapeError: pooling: real must tell of each token of x [2, 3, 2], as [2, 3], got [1, 3]",
  );
});
