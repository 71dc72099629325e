import {
  composites,
  cpu,
  maskedSoftmax,
  random,
  sizeOf,
  tensor,
  type Backend,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { compositeCases, describeCase, expectClose, expectNumbers, runCase } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { maskedSoftmaxKernels, maskedSoftmaxTable } from "./masked-softmax.ts";

const reference = cpu({ precision: "f64" });
function scores(shape: Shape, on: Backend): Tensor {
  const dice = random(sizeOf(shape));
  const draw = (): number => (dice.integer(9) === 0 ? -Infinity : dice.normal() * 5);
  return tensor(Float32Array.from({ length: sizeOf(shape) }, draw), shape, on);
}
function mask(shape: Shape, on: Backend): Tensor {
  const dice = random(sizeOf(shape) + 1);
  return tensor(
    Uint8Array.from({ length: sizeOf(shape) }, () => (dice.integer(3) === 0 ? 0 : 1)),
    shape,
    on,
    "bool",
  );
}

eachEngine(maskedSoftmaxKernels, maskedSoftmaxTable, [], (tested) => {
  test.each(compositeCases.maskedSoftmax.map((each) => [describeCase("maskedSoftmax", each), each] as const))(
    "%s",
    async (_, each) => {
      await expectClose(runCase(composites.maskedSoftmax, each, tested.on)[0]!, each.expected[0]!, 1e-6);
    },
  );

  async function check(shape: Shape, masks: Shape): Promise<void> {
    const [mine, right] = [tested.on, reference].map((on) => maskedSoftmax(scores(shape, on), mask(masks, on)));
    expectNumbers(await mine!.read(), await right!.read(), 1e-6, `[${shape.join()}] and a mask [${masks.join()}]`);
  }
  test("rows of any length, and masks that broadcast along any axes", async () => {
    for (const n of [0, 1, 3, 4, 5, 15, 16, 17, 64, 100, 1000]) {
      for (const masks of [[2, 3, 4, n], [1, 1, 4, n], [2, 1, 1, n], [n], [2, 3, 4, 1], [3, 1, 1], [1], []])
        await check([2, 3, 4, n], masks);
    }
  });
  test("many rows, divided among threads", async () => {
    await check([1500, 20], [1500, 20]);
    await check([2, 12, 30, 50], [2, 1, 30, 50]);
    await check([2, 700, 50], [2, 1, 1]);
  });

  test("what is forbidden does not matter, and what is allowed does", async () => {
    const { on } = tested;
    const x = tensor([NaN, 1, 1, Infinity, -Infinity, -Infinity, -Infinity, 7, NaN, 1, 2, 3], [3, 4], on);
    const allowed = tensor([0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1], [3, 4], on, "bool");
    expect(await maskedSoftmax(x, allowed).read()).toEqual(
      Float32Array.of(0, 0.5, 0.5, 0, 0, 0, 0, 0, NaN, NaN, NaN, NaN),
    );
  });
});
