import {
  primitives,
  scatterAdd,
  scatterAlong,
  sizeOf,
  tensor,
  type Backend,
  type DType,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { expectAsOnCpu } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { castKernels, castTable } from "./cast.ts";
import { copyKernels } from "./copy.ts";
import { scatterKernels, scatterTable } from "./scatter.ts";

/** Small whole numbers, whose sums are exact in every dtype. */
const updates = (shape: Shape, dtype: DType, on: Backend): Tensor =>
  tensor(
    Array.from({ length: sizeOf(shape) }, (_, i) => ((Math.imul(i + 1, 0x9e3779b1) >>> 8) % 5) - 2),
    shape,
    on,
    dtype,
  );
const someIds = (shape: Shape, n: number, on: Backend): Tensor =>
  tensor(
    Int32Array.from({ length: sizeOf(shape) }, (_, i) => (Math.imul(i + 7, 0x85ebca6b) >>> 8) % n),
    shape,
    on,
    "i32",
  );
const { scatterAdd: addOp, scatterAlong: alongOp } = primitives;
const ops = { scatterAdd: addOp, scatterAlong: alongOp };
const numbers: readonly DType[] = ["f32", "i32", "f16", "bf16"];

eachEngine(
  [...scatterKernels, ...copyKernels, ...castKernels],
  (engine) => ({ ...scatterTable(engine), ...castTable(engine) }),
  [],
  (tested) => {
    describe.each(["scatterAdd", "scatterAlong"] as const)("the cases of %s", (name) => {
      test.each(primitiveCases[name].map((each) => [describeCase(name, each), each] as const))(
        "%s",
        async (_, each) => {
          await expectClose(runCase(ops[name], each, tested.on)[0]!, each.expected[0]!, 1e-6);
        },
      );
    });

    test.each(numbers)("rows of any length, in %s", async (dtype) => {
      for (const d of [0, 1, 3, 4, 5, 15, 16, 17, 31, 32, 33, 100])
        await expectAsOnCpu(tested.on, (on) => scatterAdd(someIds([4, 5], 6, on), updates([4, 5, d], dtype, on), 7));
    });
    test.each(numbers)("elements of rows of any length, in %s", async (dtype) => {
      for (const size of [1, 3, 4, 17, 100])
        for (const m of [0, 1, 5, 64])
          await expectAsOnCpu(tested.on, (on) =>
            scatterAlong(someIds([2, 3, m], size, on), updates([2, 3, m], dtype, on), size),
          );
    });

    test("much, divided among threads, is added in the same order", async () => {
      const thirds = (shape: Shape, on: Backend): Tensor =>
        tensor(
          Float32Array.from({ length: sizeOf(shape) }, (_, i) => 1 / (i + 3)),
          shape,
          on,
        );
      await expectAsOnCpu(tested.on, (on) => scatterAdd(someIds([3000], 9, on), thirds([3000, 70], on), 9));
      await expectAsOnCpu(tested.on, (on) => scatterAlong(someIds([40, 900], 7, on), thirds([40, 900], on), 7));
      await expectAsOnCpu(tested.on, (on) => scatterAlong(someIds([9000, 1], 7, on), thirds([9000, 1], on), 7));
    });

    test("an id that is none is left out", async () => {
      const { on } = tested;
      const ids = tensor([0, -1, 5, 4, 1_000_000], [5], on, "i32");
      const neighbour = tensor([7, 7, 7, 7], [4], on);
      const rows = scatterAdd(ids, tensor([1, 2, 3, 4, 5], [5, 1], on), 5);
      const along = scatterAlong(tensor([-1, 2], [1, 2], on, "i32"), tensor([1, 2], [1, 2], on), 2);
      expect([await rows.read(), await along.read(), await neighbour.read()]).toEqual([
        Float32Array.of(1, 0, 0, 0, 4),
        Float32Array.of(0, 0),
        Float32Array.of(7, 7, 7, 7),
      ]);
    });
  },
);
