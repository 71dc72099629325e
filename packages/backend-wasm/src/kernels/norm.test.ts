import {
  addLayerNorm,
  addRmsNorm,
  composites,
  cpu,
  layerNorm,
  random,
  rmsNorm,
  sizeOf,
  tensor,
  type Backend,
  type Op,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { compositeCases, describeCase, expectClose, expectNumbers, runCase } from "@tenon/tensor/testing";
import { expect, describe, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { partial } from "../../test/partial.ts";
import { normKernels, normTable } from "./norm.ts";

const reference = cpu({ precision: "f64" });
const ops: { readonly [name in "layerNorm" | "rmsNorm" | "layerNormGradient" | "addLayerNorm" | "addRmsNorm"]: Op } = {
  layerNorm: composites.layerNorm,
  rmsNorm: composites.rmsNorm,
  layerNormGradient: composites.layerNormGradient,
  addLayerNorm: composites.addLayerNorm,
  addRmsNorm: composites.addRmsNorm,
};
const names = Object.keys(ops) as readonly (keyof typeof ops)[];
const drawn = (shape: Shape, seed: number): Float32Array => {
  const dice = random(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => dice.normal() + 0.5);
};
/** Both norms of x + residual, with a bias and without. */
function sums(shape: Shape, on: Backend): Tensor[] {
  const [x, residual] = [1, 2].map((seed) => tensor(drawn(shape, seed), shape, on)) as [Tensor, Tensor];
  const [weight, bias] = [3, 4].map((seed) => tensor(drawn(shape.slice(-1), seed), shape.slice(-1), on));
  return [
    addLayerNorm(x, residual, weight!, bias),
    addLayerNorm(x, residual, weight!, undefined),
    addRmsNorm(x, residual, weight!),
  ];
}
/** The same of a sum that was there before. */
function apart(shape: Shape, on: Backend): Tensor[] {
  const [a, b] = [drawn(shape, 1), drawn(shape, 2)];
  const x = tensor(
    a.map((value, i) => value + b[i]!),
    shape,
    on,
  );
  const [weight, bias] = [3, 4].map((seed) => tensor(drawn(shape.slice(-1), seed), shape.slice(-1), on));
  return [layerNorm(x, weight!, bias), layerNorm(x, weight!, undefined), rmsNorm(x, weight!)];
}

eachEngine(normKernels, normTable, [], (tested) => {
  describe.each(names)("the cases of %s", (name) => {
    const op = ops[name];
    test.each(compositeCases[name].map((each) => [describeCase(name, each), each] as const))("%s", async (_, each) => {
      await expectClose(runCase(op, each, tested.on)[0]!, each.expected[0]!, 2e-6);
    });
  });

  test("a sum with rows of any length", async () => {
    for (const n of [1, 2, 3, 4, 5, 15, 16, 17, 19, 64, 100, 387, 1000]) {
      const [mine, right] = [sums([2, 3, n], tested.on), sums([2, 3, n], reference)];
      for (const [i, y] of mine.entries())
        expectNumbers(await y.read(), await right[i]!.read(), 5e-6, `norm ${i} of rows of ${n}`);
    }
  });

  test("many rows, divided among threads: the same bits as one thread gives for a sum that was there before", async () => {
    const alone = await partial(normKernels, normTable, { threads: 1, relaxed: tested.engine.relaxed });
    for (const shape of [
      [3000, 11],
      [500, 386],
      [40, 5000],
    ]) {
      const [mine, right] = [sums(shape, tested.on), apart(shape, alone.on)];
      for (const [i, y] of mine.entries()) expect(await y.read()).toEqual(await right[i]!.read());
    }
    alone.engine.close();
  });

  test("x and the residual may be one tensor, and stay as they are", async () => {
    const [data, weight] = [drawn([5, 7], 1), drawn([7], 3)];
    const x = tensor(data, [5, 7], tested.on);
    const y = addRmsNorm(x, x, tensor(weight, [7], tested.on));
    const twice = data.map((value) => 2 * value);
    const right = rmsNorm(tensor(twice, [5, 7], tested.on), tensor(weight, [7], tested.on));
    expect(await y.read()).toEqual(await right.read());
    expect(await x.read()).toEqual(data);
  });

  test("what is no number stays in its row", async () => {
    const row = (...numbers: number[]): Tensor => tensor(numbers, [3, 3], tested.on);
    const weight = tensor([1, 1, 1], [3], tested.on);
    const y = addRmsNorm(row(NaN, 1, 2, 1, 1, 1, Infinity, 1, 1), row(0, 0, 0, 1, 1, 1, -Infinity, 0, 0), weight, 0);
    expect(await y.read()).toEqual(Float32Array.of(NaN, NaN, NaN, 1, 1, 1, NaN, NaN, NaN));
  });
});
