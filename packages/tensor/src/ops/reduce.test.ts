import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { random } from "../random.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import { floats, total } from "../testing/plain.ts";
import { max } from "./max.ts";
import { expand, sum, unbroadcast } from "./reduce.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 3, 2], on);

test("sum over one axis, several, all, from either end, kept or not", async () => {
  expect(await sum(x, 0).read()).toEqual(Float32Array.of(8, 10, 12, 14, 16, 18));
  expect(await sum(x, -2).read()).toEqual(Float32Array.of(9, 12, 27, 30));
  expect(await sum(x, [0, 2]).read()).toEqual(Float32Array.of(18, 26, 34));
  expect(await sum(x).read()).toEqual(Float32Array.of(78));
  expect(sum(x).shape).toEqual([]);
  expect(sum(x, [-1, 0], { keepDims: true }).shape).toEqual([1, 3, 1]);
  expect(sum(x, undefined, { keepDims: true }).shape).toEqual([1, 1, 1]);
  expect(sum(tensor([4], [], on)).shape).toEqual([]);
});

test("a sum over no axes is an alias, not its argument", async () => {
  for (const keepDims of [false, true]) {
    const y = sum(x, [], { keepDims });
    expect(y).not.toBe(x);
    y[Symbol.dispose]();
  }
  expect((await x.read())[0]).toBe(1);
});

test("70,000 numbers lose nothing: the running value is a double", async () => {
  const many = floats([70000], random(8));
  const placed = place(many, on);
  expectNumbers(await sum(placed).read(), [total(many.data)], 1e-6, "a sum of 70,000");
  expect((await max(placed).read())[0]).toBe(many.data.reduce((a, b) => Math.max(a, b)));
  const column = place({ ...many, shape: [35000, 2] }, on);
  expectNumbers(
    await sum(column, 0).read(),
    [0, 1].map((c) => total(many.data.filter((_, i) => i % 2 === c))),
    1e-6,
    "columns of 35,000",
  );
  expect(await sum(tensor(new Float32Array(70000).fill(0.1), [70000], on)).read()).toEqual(
    Float32Array.of(7000.000104308128),
  );
});

test("sums of nothing are 0, and NaN and infinities go through", async () => {
  expect(await sum(tensor([], [0, 3], on), 0).read()).toEqual(new Float32Array(3));
  expect(await sum(tensor([], [0], on)).read()).toEqual(new Float32Array(1));
  expect(await sum(tensor([1, NaN, Infinity, -Infinity, Infinity, 1], [3, 2], on), 1).read()).toEqual(
    Float32Array.of(NaN, NaN, Infinity),
  );
});

test("whole numbers wrap around at 32 bits, however many there are", async () => {
  const largest = 2 ** 31 - 1;
  const two = tensor([largest, largest, 1, 2], [2, 2], on, "i32");
  expect(await sum(two, 1).read()).toEqual(Int32Array.of(-2, 3));
  expect(await sum(two, 0).read()).toEqual(Int32Array.of(-(2 ** 31), -(2 ** 31) + 1));
  const n = 2 ** 22 + 2 ** 21; // their sum is beyond 2 ** 53
  const many = tensor(new Int32Array(n).fill(largest), [n], on, "i32");
  expect(await sum(many).read()).toEqual(Int32Array.of(-n));
  expect(await sum(tensor([], [0, 2], on, "i32"), 0).read()).toEqual(Int32Array.of(0, 0));
});

test("a sum of f16 over two axes is rounded once", async () => {
  const x = tensor([60000, 60000, -60000, -59000], [2, 2], on, "f16");
  expect(await sum(x).read()).toEqual(Float32Array.of(992)); // −59000 is −59008 in f16
  expect(await sum(x, 1).read()).toEqual(Float32Array.of(Infinity, -Infinity));
});

test("expand repeats, unbroadcast sums what was repeated", async () => {
  const row = tensor([1, 2, 3], [1, 3], on);
  expect(await expand(row, [2, 3]).read()).toEqual(Float32Array.of(1, 2, 3, 1, 2, 3));
  expect(await unbroadcast(expand(row, [4, 2, 3]), [1, 3]).read()).toEqual(Float32Array.of(8, 16, 24));
  expect(await unbroadcast(expand(row, [2, 3]), []).read()).toEqual(Float32Array.of(12));
  expect(await unbroadcast(expand(row, [0, 3]), [1, 3]).read()).toEqual(Float32Array.of(0, 0, 0));
});

test("what does not fit is refused", () => {
  expect(() => sum(x, 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sum: axis 3 of a tensor with 3 axes; expected -3 to 2]`,
  );
  expect(() => sum(tensor([1], [], on), 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sum: axis 0 of a scalar, which has no axes]`,
  );
  expect(() => sum(tensor([1], [1], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: sum: its input must be f32, f16, bf16 or i32, got bool; cast() it]`,
  );
  expect(() => max(tensor([1], [1], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: max: its input must be f32, f16, bf16 or i32, got bool; cast() it]`,
  );
  expect(() => sum(x, [0, 1, -3])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sum: axes [0, 1, -3] name axis 0 twice; name each once]`,
  );
  expect(() => expand(x, [3, 2])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: expand: [2, 3, 2] cannot become [3, 2]: only axes of size 1 grow]`,
  );
  expect(() => expand(x, [2, 3, 4])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: expand: shapes [2, 3, 2] and [2, 3, 4] do not broadcast: axis -1 is 2 against 4]`,
  );
  expect(() => expand(tensor([1], [1], on), [-1])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [-1]]`,
  );
});
