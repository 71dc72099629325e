import { array, assert, constantFrom, integer, property, tuple } from "fast-check";
import { expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { expand, unbroadcast } from "./ops/reduce.ts";
import { axisOf, broadcast, bytesOf, sameShape, sizeOf, type Shape } from "./shape.ts";
import { place } from "./testing/op-case.ts";
import { indices, plain } from "./testing/plain.ts";

const shapes = array(integer({ min: 0, max: 4 }), { maxLength: 4 });
/** A shape, and two that broadcast to it: some axes become 1, some leading ones go. */
const broadcastable = shapes.chain((out) => {
  const smaller = tuple(
    integer({ min: 0, max: out.length }),
    array(constantFrom(true, false), { minLength: out.length, maxLength: out.length }),
  ).map(([dropped, ones]): Shape => out.map((n, i) => (ones[i] === true ? 1 : n)).slice(dropped));
  return tuple(smaller, smaller);
});

test("the size of a shape is the product of its sizes, 1 for a scalar", () => {
  expect(sizeOf([])).toBe(1);
  expect(sizeOf([2, 3])).toBe(6);
  expect(sizeOf([4, 0, 5])).toBe(0);
  assert(property(shapes, (shape) => sizeOf(shape) === indices(shape).length));
});

test("f32 and i32 take four bytes, bool takes one", () => {
  expect(bytesOf({ dtype: "f32", shape: [2, 3] })).toBe(24);
  expect(bytesOf({ dtype: "i32", shape: [] })).toBe(4);
  expect(bytesOf({ dtype: "bool", shape: [5] })).toBe(5);
});

test("shapes are the same when their sizes are", () => {
  expect(sameShape([2, 3], [2, 3])).toBe(true);
  expect(sameShape([2, 3], [3, 2])).toBe(false);
  expect(sameShape([2], [2, 1])).toBe(false);
});

test("an axis counts from either end", () => {
  assert(
    property(integer({ min: 1, max: 9 }), integer({ min: 0, max: 8 }), (rank, axis) => {
      if (axis >= rank) return;
      expect(axisOf(axis, rank, "op")).toBe(axis);
      expect(axisOf(axis - rank, rank, "op")).toBe(axis);
    }),
  );
});

test("an axis that is not there is refused", () => {
  expect(() => axisOf(2, 2, "sum")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sum: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
  expect(() => axisOf(-3, 2, "sum")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sum: axis -3 of a tensor with 2 axes; expected -2 to 1]`,
  );
  expect(() => axisOf(0.5, 2, "sum")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sum: axis 0.5 of a tensor with 2 axes; expected -2 to 1]`,
  );
  expect(() => axisOf(-1, 0, "softmax")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: softmax: axis -1 of a scalar, which has no axes]`,
  );
});

test("broadcasting is commutative and takes each size from whoever has more than 1", () => {
  assert(
    property(broadcastable, ([a, b]) => {
      const out = broadcast(a, b, "op");
      expect(broadcast(b, a, "op")).toEqual(out);
      expect(out.length).toBe(Math.max(a.length, b.length));
      out.forEach((n, i) => {
        const sizes = [a[i - out.length + a.length] ?? 1, b[i - out.length + b.length] ?? 1];
        expect(sizes).toContain(n);
        expect(sizes.every((size) => size === n || size === 1)).toBe(true);
      });
    }),
  );
});

test("shapes that do not broadcast are refused, naming the axis", () => {
  expect(() => broadcast([2, 3], [4], "add")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: add: shapes [2, 3] and [4] do not broadcast: axis -1 is 3 against 4]`,
  );
  expect(() => broadcast([2, 1, 3], [4, 5, 3], "add")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: add: shapes [2, 1, 3] and [4, 5, 3] do not broadcast: axis -3 is 2 against 4]`,
  );
  expect(() => broadcast([0], [2], "add")).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: add: shapes [0] and [2] do not broadcast: axis -1 is 0 against 2]`,
  );
});

test("element-wise ops over any two shapes equal the ops over both expanded, and unbroadcast undoes it", async () => {
  const on = cpu({ precision: "f64" });
  const samples: [Shape, Shape][] = [];
  assert(
    property(broadcastable, ([a, b]) => void samples.push([a, b])),
    { seed: 4, numRuns: 60 },
  );
  for (const [a, b] of samples) {
    const x = place(
      plain(a, (i) => 2 + i.length * 3 + (i[0] ?? 0)),
      on,
    );
    const y = place(
      plain(b, (i) => 1 + (i.at(-1) ?? 0)),
      on,
    );
    const out = broadcast(a, b, "op");
    const [large, other] = [expand(x, out), expand(y, out)];
    const short = add(mul(x, y), x);
    expect(short.shape).toEqual(out);
    expect(await short.read()).toEqual(await add(mul(large, other), large).read());
    const back = unbroadcast(large, a);
    expect(back.shape).toEqual(a);
    const repeated = sizeOf(out) / sizeOf(a);
    if (sizeOf(a) > 0) expect(await back.read()).toEqual((await x.read()).map((value) => value * repeated));
  }
});
