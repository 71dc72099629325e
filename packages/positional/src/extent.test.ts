import { add, cpu, mul, scoped, tensor, type Tensor } from "@tenon/tensor";
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

test("bad offsets and lengths are refused", () => {
  const backend = cpu();
  expect(() => new Extent({ offset: -1, length: 1, backend })).toThrow(
    "Extent: offset must be a whole number from 0 up, got -1",
  );
  expect(() => new Extent({ offset: 0, length: 0, backend })).toThrow(
    "Extent: length must be a whole number from 1 up, got 0",
  );
});
