import { cpu, isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Extent } from "./extent.ts";
import { clippedDistances, distances, distanceTensor, regionName } from "./region.ts";

const backend = cpu();
const region = { firstQuery: 1, queries: 2, firstKey: 1, keys: 3 };

test("distances count from the query's position to the key's, as numbers and as a tensor", async () => {
  const extent = new Extent({ offset: 2, length: 3, backend });
  // Queries at 3 and 4, keys at 1, 2 and 3.
  const expected = [-2, -1, 0, -3, -2, -1];
  expect(distances(extent, region)).toEqual([expected]);
  const tensor = distanceTensor(extent, region);
  expect([tensor.dtype, tensor.shape]).toEqual(["i32", [2, 3]]);
  expect([...(await tensor.read())]).toEqual(expected);
  const clipped = clippedDistances(extent, region, 2);
  expect([...(await clipped.read())]).toEqual([0, 1, 2, 0, 0, 1]);
});

test("each row of positions has distances of its own", async () => {
  const positions = [
    [0, 0, 1, 2, 3],
    [7, 8, 0, 1, 2],
  ];
  const extent = new Extent({ offset: 2, length: 3, positions, backend });
  const expected = [
    [-2, -1, 0, -3, -2, -1],
    [7, -1, 0, 6, -2, -1],
  ];
  expect(distances(extent, region)).toEqual(expected);
  const tensor = distanceTensor(extent, region);
  expect(tensor.shape).toEqual([2, 2, 3]);
  expect([...(await tensor.read())]).toEqual(expected.flat());
});

test("only the result is left of a tensor of distances", () => {
  const on = cpu();
  const extent = new Extent({ offset: 0, length: 3, backend: on });
  const kept = clippedDistances(extent, { firstQuery: 0, queries: 3, firstKey: 0, keys: 3 }, 1);
  expect(on.memory().tensors).toBe(1);
  kept[Symbol.dispose]();
});

test.each([
  { ...region, firstQuery: 2 },
  { ...region, firstKey: 3 },
  { ...region, firstKey: -1 },
  { ...region, firstQuery: -1 },
])("a region beyond the extent is refused: %o", (beyond) => {
  for (const positions of [undefined, [[0, 1, 2, 3, 4]]]) {
    const extent = new Extent({ offset: 2, length: 3, positions, backend });
    for (const ask of [distances, distanceTensor]) {
      let error: unknown;
      try {
        ask(extent, beyond);
      } catch (caught) {
        error = caught;
      }
      expect(isTenonError(error, "ShapeError")).toBe(true);
      expect((error as Error).message).toContain(
        "reach beyond the extent, whose pass has 3 tokens and whose text has 5 so far; make the extent for this pass",
      );
    }
  }
});

test("regions have names of their own", () => {
  expect(regionName(region)).toBe("1+2, 1+3");
  expect(regionName({ ...region, keys: 4 })).not.toBe(regionName(region));
});
