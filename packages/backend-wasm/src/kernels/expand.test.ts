import { expand, primitives, type DType, type Shape } from "@tenon/tensor";
import { describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { array, assert, asyncProperty, constantFrom, integer, record } from "fast-check";
import { describe, expect, test } from "vitest";

import { expectAsOnCpu, filled, moved } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { copyKernels } from "./copy.ts";
import { expandHalves, expandKernels, expandTable, repeatedAxes } from "./expand.ts";
import { permuteKernels } from "./permute.ts";

describe("the axes that remain", () => {
  test.each([
    ["none of a single element", [1], [1, 1], []],
    ["one where nothing is repeated", [2, 3], [1, 2, 3], [[6, 4, 4]]],
    ["one where all is repeated", [1], [2, 3], [[6, 0, 4]]],
    [
      "what follows is repeated whole",
      [2, 3],
      [4, 2, 3],
      [
        [4, 0, 24],
        [6, 4, 4],
      ],
    ],
    [
      "columns",
      [2, 1, 3, 1],
      [2, 4, 3, 5],
      [
        [2, 12, 240],
        [4, 0, 60],
        [3, 4, 20],
        [5, 0, 4],
      ],
    ],
  ] as const)("%s", (_, from, to, axes) => {
    expect(repeatedAxes(from, to, 4)).toEqual(axes.map(([size, xStep, yStep]) => ({ size, xStep, yStep })));
  });
});

eachEngine([...copyKernels, ...permuteKernels, ...expandKernels], expandTable, expandHalves, (tested) => {
  const check = (from: Shape, to: Shape, dtype: DType = "f32"): Promise<void> =>
    expectAsOnCpu(tested.on, (on) => expand(filled(from, dtype, on), to));

  test.each(primitiveCases.expand.map((each) => [describeCase("expand", each), each] as const))(
    "%s",
    async (_, each) => {
      await expectClose(runCase(primitives.expand, each, tested.on)[0]!, each.expected[0]!, 0);
    },
  );

  test.each(moved)("up to six axes, any of them repeated, in %s", async (dtype) => {
    const axis = record({ size: constantFrom(1, 2, 3, 4, 5, 9), repeated: constantFrom(false, true) });
    await assert(
      asyncProperty(array(axis, { maxLength: 6 }), integer({ min: 0, max: 6 }), (axes, missing) =>
        check(
          axes
            .map(({ size, repeated }) => (repeated ? 1 : size))
            .slice(axes.findIndex(({ repeated }, i) => !repeated || i >= missing)),
          axes.map(({ size }) => size),
          dtype,
        ),
      ),
      { seed: 4, numRuns: 25 },
    );
  });

  test.each(moved)("elements, columns and rows of any length, in %s", async (dtype) => {
    for (const n of [0, 1, 3, 4, 5, 15, 16, 17, 64, 100, 8193]) {
      await check([], [n], dtype);
      await check([3, 1], [3, n], dtype);
      await check([n], [3, n], dtype);
    }
  });

  test("much, divided among threads", async () => {
    await check([1], [1_000_003]);
    await check([300, 1], [300, 1000], "bf16");
    await check([1000], [300, 1000]);
    await check([2, 1, 4, 1, 100], [2, 30, 4, 20, 100]);
    await check([20_000, 1], [20_000, 3], "u8");
  });
});
