import { primitives, random, sizeOf, tensor, topK, type Backend, type Shape, type Tensor } from "@tenon/tensor";
import { describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { test } from "vitest";

import { expectAsOnCpu } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { topKKernels, topKTable } from "./top-k.ts";

const special = [NaN, Infinity, -Infinity, 0, -0, 1e-40, -1e-40, 3e38];
/** Numbers of which some are equal, and some special. */
function numbers(shape: Shape, on: Backend, dtype: "f32" | "i32"): Tensor {
  const dice = random(sizeOf(shape));
  const draw = (): number => {
    if (dtype === "i32")
      return dice.integer(4) === 0 ? 2 ** 31 - 1 - dice.integer(2) * (2 ** 32 - 1) : dice.integer(99) - 50;
    return dice.integer(4) === 0 ? dice.pick(special) : Math.round(dice.normal() * 50) / 50;
  };
  return tensor(Array.from({ length: sizeOf(shape) }, draw), shape, on, dtype);
}

eachEngine(topKKernels, topKTable, [], (tested) => {
  test.each(primitiveCases.topK.map((each) => [describeCase("topK", each), each] as const))("%s", async (_, each) => {
    for (const [i, result] of runCase(primitives.topK, each, tested.on).entries())
      await expectClose(result, each.expected[i]!, 0);
  });

  test.each(["f32", "i32"] as const)("values and where they stood, in %s", async (dtype) => {
    for (const n of [1, 3, 4, 5, 15, 16, 17, 64, 100, 1000])
      for (const k of [1, 2, 5, 16, 64, 65, n - 1, n].filter((each) => each >= 1 && each <= n))
        for (const which of [0, 1] as const)
          await expectAsOnCpu(tested.on, (on) => topK(numbers([3, n], on, dtype), k)[which]);
  });

  test("rising rows, of which each element is the largest so far, and falling ones", async () => {
    const line = (n: number, slope: number, on: Backend): Tensor =>
      tensor(
        Float32Array.from({ length: n }, (_, i) => slope * i),
        [n],
        on,
      );
    for (const slope of [1, -1])
      for (const k of [1, 7, 200]) await expectAsOnCpu(tested.on, (on) => topK(line(999, slope, on), k)[1]);
  });

  test("many rows, divided among threads, and one that is longer than scratch has room for", async () => {
    await expectAsOnCpu(tested.on, (on) => topK(numbers([900, 70], on, "f32"), 3)[1]);
    await expectAsOnCpu(tested.on, (on) => topK(numbers([300, 100], on, "f32"), 90)[1]);
    await expectAsOnCpu(tested.on, (on) => topK(numbers([2, 70_000], on, "f32"), 70_000)[1]);
  });
});
