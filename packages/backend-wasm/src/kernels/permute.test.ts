import { permute, primitives, type Shape } from "@tenon/tensor";
import { describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { array, assert, asyncProperty, constantFrom, shuffledSubarray } from "fast-check";
import { describe, expect, test } from "vitest";

import { expectAsOnCpu, filled, moved } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { copyKernels } from "./copy.ts";
import { permuteHalves, permuteKernels, permuteTable } from "./permute.ts";
import { joinedAxes } from "./planes.ts";

describe("the axes that remain", () => {
  test.each([
    ["none of a single element", [1, 1], [1, 0], []],
    ["one where the order stays", [2, 3, 4], [0, 1, 2], [[24, 4, 4]]],
    ["one where only axes of one entry move", [1, 3, 1, 4], [1, 0, 3, 2], [[12, 4, 4]]],
    [
      "two of a matrix",
      [2, 3],
      [1, 0],
      [
        [3, 4, 8],
        [2, 12, 4],
      ],
    ],
    [
      "those that stay together as one",
      [2, 3, 4, 5],
      [2, 3, 0, 1],
      [
        [20, 4, 24],
        [6, 80, 4],
      ],
    ],
    [
      "heads and positions",
      [2, 3, 4, 5],
      [0, 2, 1, 3],
      [
        [2, 240, 240],
        [4, 20, 60],
        [3, 80, 20],
        [5, 4, 4],
      ],
    ],
  ] as const)("%s", (_, shape, order, axes) => {
    expect(joinedAxes(shape, order, 4)).toEqual(axes.map(([size, xStep, yStep]) => ({ size, xStep, yStep })));
  });
});

eachEngine([...copyKernels, ...permuteKernels], permuteTable, permuteHalves, (tested) => {
  const check = (shape: Shape, order: readonly number[], dtype = moved[0]!): Promise<void> =>
    expectAsOnCpu(tested.on, (on) => permute(filled(shape, dtype, on), order));

  test.each(primitiveCases.permute.map((each) => [describeCase("permute", each), each] as const))(
    "%s",
    async (_, each) => {
      await expectClose(runCase(primitives.permute, each, tested.on)[0]!, each.expected[0]!, 0);
    },
  );

  test.each(moved)("any order of up to six axes, in %s", async (dtype) => {
    const sizes = constantFrom(1, 1, 2, 2, 3, 4, 5, 8, 9);
    const plans = array(sizes, { maxLength: 6 }).chain((shape) =>
      shuffledSubarray([...shape.keys()], { minLength: shape.length }).map((order) => ({ shape, order })),
    );
    await assert(
      asyncProperty(plans, ({ shape, order }) => check(shape, order, dtype)),
      { seed: 4, numRuns: 25 },
    );
  });

  test.each(moved)("matrices whose sides are no multiples of a tile or block, in %s", async (dtype) => {
    for (const rows of [1, 3, 4, 7, 8, 16, 17, 63, 64, 65, 130])
      for (const columns of [1, 2, 5, 8, 15, 16, 17, 33, 64, 100]) await check([rows, columns], [1, 0], dtype);
  });

  test("many planes, divided among threads", async () => {
    await check([4, 100, 12, 32], [0, 2, 1, 3]); // rows of 128 bytes
    await check([40, 100, 12, 3], [0, 2, 1, 3]); // short rows
    await check([12, 70, 90], [0, 2, 1]); // tiles
    await check([3000, 7, 3], [0, 2, 1]); // less than a tile in each
    await check([6, 10, 20, 30], [2, 0, 3, 1]);
    await check([100_000, 3], [1, 0]);
    await check([3, 100_000], [1, 0]);
    await check([600, 500], [1, 0], "u8");
  });

  test("nothing of nothing", async () => {
    await check([3, 0, 2], [2, 0, 1]);
    await check([0], [0], "u8");
  });
});
