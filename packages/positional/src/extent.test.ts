import { recompute } from "@tenon/nn";
import { add, cpu, isTenonError, mul, scoped, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Extent } from "./extent.ts";

test("once builds in the scope of the extent, so that all layers share it and nothing is left behind", () => {
  const on = cpu();
  const key = {};
  let built = 0;
  scoped(() => {
    const extent = new Extent({ offset: 0, length: 2, backend: on });
    const layer = (): Tensor =>
      scoped(() => {
        const table = extent.once(key, () => {
          built++;
          return mul(tensor([1, 2], [2], on), 2);
        });
        return add(table, 1);
      });
    layer();
    layer();
    expect(built).toBe(1);
    expect(extent.once({}, () => 7)).toBe(7);
  });
  expect(on.memory().tensors).toBe(0);
});

test("an extent made outside every scope shares nothing, so that nothing leaks", () => {
  const on = cpu();
  const extent = new Extent({ offset: 0, length: 2, backend: on });
  const key = {};
  const build = (): Tensor => tensor([1], [1], on);
  scoped(() => {
    expect(extent.once(key, build)).not.toBe(extent.once(key, build));
  });
  expect(on.memory().tensors).toBe(0);
});

test.each([
  ["within a scope", true, 3],
  ["outside every scope", false, 4],
])("an extent that was made %s builds once for each segment of recompute, in its scope", (_, inScope, builds) => {
  const on = cpu();
  using x = tensor([1, 1], [2], on);
  const made = (): Extent => new Extent({ offset: 0, length: 2, backend: on });
  const outer = made();
  const tables: Tensor[] = [];
  scoped(() => {
    const extent = inScope ? made() : outer;
    const build = (): Tensor => {
      const table = mul(x, 2);
      tables.push(table);
      return table;
    };
    const layer = (y: Tensor): Tensor => scoped(() => add(y, extent.once(x, build)));
    const segment = (y: Tensor): Tensor => recompute([y], (y) => layer(layer(y)));
    layer(segment(segment(layer(x))));
    expect(tables).toHaveLength(builds);
    expect(tables.map(({ alive }) => alive)).toEqual(inScope ? [true, false, false] : [false, false, false, false]);
  });
  expect(on.memory().tensors).toBe(1);
});

test("an extent that is made within a segment shares in its own scope there, and not with a segment within", () => {
  const on = cpu();
  using x = tensor([1, 1], [2], on);
  const tables: Tensor[] = [];
  using _ = recompute([x], (x) => {
    const y = scoped(() => {
      const extent = new Extent({ offset: 0, length: 2, backend: on });
      const once = (): Tensor =>
        extent.once(x, () => {
          const table = mul(x, 2);
          tables.push(table);
          return table;
        });
      return add(
        recompute([x], (x) => mul(x, once())),
        add(once(), once()),
      );
    });
    expect(tables.map(({ alive }) => alive)).toEqual([false, false]);
    return y;
  });
  expect(on.memory().tensors).toBe(2);
});

test("bad offsets and lengths are refused", () => {
  const backend = cpu();
  expect(() => new Extent({ offset: -1, length: 1, backend })).toThrow(
    "Extent: offset must be a whole number from 0 up, got -1",
  );
  expect(() => new Extent({ offset: 0, length: 0, backend })).toThrow(
    "Extent: length must be a whole number from 1 up, got 0",
  );
});

test("positions are those of the whole text, and an extent ends after the last of its pass", () => {
  const backend = cpu();
  const positions = [
    [9, 0, 1],
    [0, 4, 2],
  ];
  const extent = new Extent({ offset: 1, length: 2, positions, backend });
  expect(extent.rows()).toEqual([
    [0, 1],
    [4, 2],
  ]);
  expect(extent.end).toBe(5);
  expect(extent.again().positions).toEqual(positions);
  const usual = new Extent({ offset: 1, length: 2, backend });
  expect([usual.rows(), usual.end]).toEqual([[[1, 2]], 3]);
  const long = Array.from({ length: 200_000 }, (_, i) => i);
  expect(new Extent({ offset: 0, length: long.length, positions: [long], backend }).end).toBe(long.length);
});

test.each([
  ["ShapeError", [], "Extent: positions has no row; give one for each sequence, or one for all"],
  [
    "ShapeError",
    [[0, 1, 2], [0]],
    "Extent: row 1 has 1 positions for 3 tokens; give one for each token so far, those in the cache included",
  ],
  ["ConfigError", [[0, -1, 2]], "Extent: positions must be whole numbers from 0 up, got -1 in row 0"],
  ["ConfigError", [[0, 1, 0.5]], "Extent: positions must be whole numbers from 0 up, got 0.5 in row 0"],
] as const)("positions that are none are refused: %s %#", (kind, positions, message) => {
  let error: unknown;
  try {
    expect(new Extent({ offset: 1, length: 2, positions, backend: cpu() })).toBeUndefined();
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, kind)).toBe(true);
  expect((error as Error).message).toBe(message);
});
