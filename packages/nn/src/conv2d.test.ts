import { cpu, isTenonError, random, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Conv2d } from "./conv2d.ts";

const stream = random(1);

test("the weight has an axis for each of out, in / groups, rows and columns", () => {
  const layer = new Conv2d({ input: 4, output: 6, kernel: [3, 5], random: stream }, { groups: 2 });
  expect(layer.weight.type.shape).toEqual([6, 2, 3, 5]);
  expect(layer.bias!.type.shape).toEqual([6]);
  expect(new Conv2d({ input: 1, output: 1, kernel: 2, bias: false, random: stream }).bias).toBeUndefined();
});

test("the weight begins as He et al. have it: deviation √(2 / (in · cells))", async () => {
  const layer = new Conv2d({ input: 16, output: 64, kernel: 3, random: stream });
  const values = await layer.weight.host();
  const square = [...values].reduce((total, value) => total + value ** 2, 0) / values.length;
  expect(Math.sqrt(square) / Math.sqrt(2 / (16 * 9))).toBeCloseTo(1, 1);
  const half = new Conv2d({
    input: 1,
    output: 1,
    kernel: 1,
    random: stream,
    initial: () => () => Float32Array.of(0.5),
  });
  expect(await half.weight.host()).toEqual(Float32Array.of(0.5));
});

test("it is the op with the walk that was given", async () => {
  const on = cpu();
  const layer = await new Conv2d({ input: 1, output: 1, kernel: [1, 2], random: stream }, { stride: [2, 1] }).to(on);
  layer.weight.assign(Float32Array.of(1, -1));
  layer.bias!.assign(Float32Array.of(10));
  const y = layer.forward(tensor([1, 2, 4, 4, 5, 6, 7, 9, 8], [1, 1, 3, 3], on));
  expect(y.shape).toEqual([1, 1, 2, 2]);
  expect(await y.read()).toEqual(Float32Array.of(9, 8, 8, 11));
});

test.each([
  [
    () => new Conv2d({ input: 0, output: 1, kernel: 1, random: stream }),
    "Conv2d: input must be a whole number from 1 up, got 0",
  ],
  [
    () => new Conv2d({ input: 1, output: 0.5, kernel: 1, random: stream }),
    "Conv2d: output must be a whole number from 1 up, got 0.5",
  ],
  [
    () => new Conv2d({ input: 1, output: 1, kernel: [1, 0], random: stream }),
    "Conv2d: kernel must be a whole number from 1 up, got 0",
  ],
  [
    () => new Conv2d({ input: 1, output: 1, kernel: [1] as never, random: stream }),
    "Conv2d: kernel must be a whole number, or two of them, got [1]",
  ],
  [
    () => new Conv2d({ input: 1, output: 1, kernel: 1, random: stream }, { groups: 0 }),
    "Conv2d: groups must be a whole number from 1 up, got 0",
  ],
  [
    () => new Conv2d({ input: 4, output: 6, kernel: 1, random: stream }, { groups: 4 }),
    "Conv2d: 4 groups cannot share 4 channels in and 6 out evenly; groups must divide both",
  ],
])("bad options are refused by name %#", (make, message) => {
  let error: unknown;
  try {
    make();
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, "ConfigError")).toBe(true);
  expect((error as Error).message).toBe(message);
});

test("a walk that cannot be is refused by the op", async () => {
  const on = cpu();
  const layer = await new Conv2d({ input: 1, output: 1, kernel: 1, random: stream }, { stride: 0 }).to(on);
  expect(() => layer.forward(tensor([1], [1, 1, 1, 1], on))).toThrow("conv2d: stride must be a whole number");
});
