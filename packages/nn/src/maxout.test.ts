import { cpu, mul, random, sum, tanh, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { checkGradients } from "./check-gradients.ts";
import { Maxout } from "./maxout.ts";

const on = cpu({ precision: "f64" });
const x = tensor([1, -2, 0.5, 0.25, 3, -1, 2, 2, -0.75, 0, 1, 5], [2, 2, 3], on);
const read = async (y: Tensor): Promise<number[]> => [...(await y.read())];

test.each([1, 2, 3])("of %i pieces: each output is the largest of maps that stand side by side", async (pieces) => {
  const layer = await new Maxout({ input: 3, output: 4, pieces, random: random(1) }).to(on);
  layer.maps.bias!.assign(Float64Array.from({ length: 4 * pieces }, (_, i) => Math.sin(i)));
  const all = await read(layer.maps.forward(x));
  const y = layer.forward(x);
  expect(y.shape).toEqual([2, 2, 4]);
  const largest = Array.from({ length: 16 }, (_, i) => Math.max(...all.slice(i * pieces, (i + 1) * pieces)));
  expect(await read(y)).toEqual(largest);
  const weight = tensor(
    Array.from({ length: 16 }, (_, i) => i - 7),
    [2, 2, 4],
    on,
  );
  await checkGradients(layer, () => sum(mul(tanh(layer.forward(x)), weight)));
});

test("it has two pieces unless told otherwise", () => {
  expect(new Maxout({ input: 3, output: 4, random: random(1) }).maps.weight.type.shape).toEqual([8, 3]);
});

test("sizes that are none, and inputs of another width, are refused", async () => {
  for (const option of ["input", "output", "pieces"]) {
    expect(() => new Maxout({ input: 3, output: 4, pieces: 2, [option]: 0, random: random(1) })).toThrow(
      `Maxout: ${option} must be a whole number from 1 up, got 0`,
    );
  }
  const layer = await new Maxout({ input: 2, output: 1, random: random(1) }).to(on);
  expect(() => layer.forward(x)).toThrow("[2, 2, 3]");
});
