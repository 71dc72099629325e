import {
  add,
  equal,
  less,
  mul,
  sizeOf,
  tensor,
  where,
  type Backend,
  type DType,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { array, assert, asyncProperty, constantFrom, integer, record } from "fast-check";
import { test } from "vitest";

import { expectAsOnCpu } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { binaryKernels, binaryTable } from "./binary.ts";
import { copyKernels } from "./copy.ts";
import { expandKernels } from "./expand.ts";
import { permuteKernels } from "./permute.ts";

const small = (shape: Shape, seed: number, dtype: DType, on: Backend): Tensor =>
  tensor(
    Array.from(
      { length: sizeOf(shape) },
      (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 9) % (dtype === "bool" ? 2 : 5),
    ),
    shape,
    on,
    dtype,
  );

const kernels = [...binaryKernels, ...copyKernels, ...permuteKernels, ...expandKernels];
eachEngine(kernels, binaryTable, [], (tested) => {
  const check = async (out: Shape, left: Shape, right: Shape, dtype: DType): Promise<void> => {
    const [x, y] = [left, right].map((shape, i) => (on: Backend) => small(shape, 7 * i, dtype, on)) as [
      (on: Backend) => Tensor,
      (on: Backend) => Tensor,
    ];
    await expectAsOnCpu(tested.on, (on) => less(x(on), y(on)));
    await expectAsOnCpu(tested.on, (on) => equal(x(on), y(on)));
    await expectAsOnCpu(tested.on, (on) =>
      where(
        small(
          out.map((size, i) => (i % 2 ? 1 : size)),
          3,
          "bool",
          on,
        ),
        x(on),
        y(on),
      ),
    );
    if (dtype === "u8") return;
    await expectAsOnCpu(tested.on, (on) => add(x(on), y(on)));
    await expectAsOnCpu(tested.on, (on) => mul(x(on), y(on)));
  };

  const axis = record({
    size: constantFrom(1, 2, 3, 4, 5, 9),
    repeated: constantFrom("neither", "left", "right", "both"),
  });
  test.each(["f32", "i32", "u8"] as const)(
    "operands that broadcast along any of up to five axes, in %s",
    async (dtype) => {
      await assert(
        asyncProperty(array(axis, { maxLength: 5 }), integer({ min: 0, max: 5 }), async (axes, missing) => {
          const side = (which: string): number[] =>
            axes.map(({ size, repeated }) => (repeated === which || repeated === "both" ? 1 : size));
          const [left, right] = [side("left"), side("right")];
          const out = left.map((size, i) => Math.max(size, right[i]!));
          const leading = out.findIndex((_, i) => i >= missing || left[i] !== 1); // axes of 1 in front may be left out
          await check(out, left.slice(Math.max(leading, 0)), right, dtype);
        }),
        { seed: 4, numRuns: 20 },
      );
    },
  );

  test("much, along axes that take turns, divided among threads", async () => {
    await check([20, 30, 40, 5], [20, 1, 40, 1], [1, 30, 1, 5], "f32");
    await check([50, 60, 70], [50, 1, 70], [50, 60, 1], "i32");
  });
});
