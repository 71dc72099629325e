import {
  cpu,
  cumulativeSum,
  primitives,
  random,
  sizeOf,
  tensor,
  type Backend,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { describeCase, expectClose, expectNumbers, primitiveCases, runCase } from "@tenon/tensor/testing";
import { test } from "vitest";

import { expectAsOnCpu, filled } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { cumulativeSumKernels, cumulativeSumTable } from "./cumulative-sum.ts";

const reference = cpu({ precision: "f64" });
const normal = (shape: Shape, on: Backend): Tensor => {
  const dice = random(sizeOf(shape));
  return tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => dice.normal() + 1),
    shape,
    on,
  );
};

eachEngine(cumulativeSumKernels, cumulativeSumTable, [], (tested) => {
  test.each(primitiveCases.cumulativeSum.map((each) => [describeCase("cumulativeSum", each), each] as const))(
    "%s",
    async (_, each) => {
      await expectClose(runCase(primitives.cumulativeSum, each, tested.on)[0]!, each.expected[0]!, 1e-6);
    },
  );

  test.each([false, true])("along each axis, whatever its length; reversed: %s", async (reverse) => {
    for (const n of [0, 1, 3, 4, 5, 15, 16, 17, 64, 100])
      for (const [axis, shape] of [
        [n, 5, 3],
        [3, n, 7],
        [2, 3, n],
      ].entries()) {
        const [mine, right] = [tested.on, reference].map((on) => cumulativeSum(normal(shape, on), axis, { reverse }));
        expectNumbers(await mine!.read(), await right!.read(), 1e-7, `along axis ${axis} of ${shape.join()}`);
        await expectAsOnCpu(tested.on, (on) => cumulativeSum(filled(shape, "i32", on), axis, { reverse })); // wraps around
      }
  });

  test("long lines and many, divided among threads, are as exact as short ones", async () => {
    for (const [shape, axis] of [
      [[100_000], 0],
      [[2000, 30], 1],
      [[300, 101], 0],
    ] as const)
      for (const reverse of [false, true]) {
        const [mine, right] = [tested.on, reference].map((on) => cumulativeSum(normal(shape, on), axis, { reverse }));
        expectNumbers(await mine!.read(), await right!.read(), 1e-7, `along axis ${axis} of ${shape.join()}`);
      }
  });
});
