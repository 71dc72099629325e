import { primitives, sizeOf, takeAlong, tensor, type Backend, type Shape, type Tensor } from "@tenon/tensor";
import { describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { expectAsOnCpu, filled, moved } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { takeAlongHalves, takeAlongKernels, takeAlongTable } from "./take-along.ts";

/** An index that leads anywhere from 0 to n − 1. */
const index = (shape: Shape, n: number, on: Backend): Tensor =>
  tensor(
    Int32Array.from({ length: sizeOf(shape) }, (_, i) => (Math.imul(i + 1, 0x9e3779b1) >>> 8) % n),
    shape,
    on,
    "i32",
  );

eachEngine(takeAlongKernels, takeAlongTable, takeAlongHalves, (tested) => {
  test.each(primitiveCases.takeAlong.map((each) => [describeCase("takeAlong", each), each] as const))(
    "%s",
    async (_, each) => {
      await expectClose(runCase(primitives.takeAlong, each, tested.on)[0]!, each.expected[0]!, 0);
    },
  );

  test.each(moved)("rows of any length, in %s", async (dtype) => {
    for (const n of [1, 3, 4, 5, 16, 17, 100, 1000])
      for (const m of [0, 1, 5, 64])
        await expectAsOnCpu(tested.on, (on) => takeAlong(filled([2, 3, n], dtype, on), index([2, 3, m], n, on)));
  });

  test("an index that is none gives 0", async () => {
    const none = tensor([-1, 1, 2, 1_000_000_000], [1, 4], tested.on, "i32");
    expect(await takeAlong(tensor([5, 6], [1, 2], tested.on), none).read()).toEqual(Float32Array.of(0, 6, 0, 0));
  });

  test("much, divided among threads", async () => {
    await expectAsOnCpu(tested.on, (on) => takeAlong(filled([3, 50], "f32", on), index([3, 50_001], 50, on)));
    await expectAsOnCpu(tested.on, (on) => takeAlong(filled([70_000, 2], "u8", on), index([70_000, 1], 2, on)));
  });
});
