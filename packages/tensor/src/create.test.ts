import { expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { dryRun } from "./decorators/dry-run.ts";
import { full, ids, ones, tensor, zeros } from "./create.ts";

const on = cpu();

test("a tensor copies its numbers, in row-major order", async () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const x = tensor(data, [2, 3], on);
  data.fill(0);
  expect({ shape: x.shape, dtype: x.dtype, rank: x.rank, alive: x.alive }).toEqual({
    shape: [2, 3],
    dtype: "f32",
    rank: 2,
    alive: true,
  });
  expect(x.backend).toBe(on);
  expect(await x.read()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
});

test("a tensor's shape is a copy too", () => {
  const shape = [2, 1];
  const x = tensor([1, 2], shape, on);
  shape[0] = 7;
  expect(x.shape).toEqual([2, 1]);
});

test("what is read is a copy", async () => {
  const x = tensor([1, 2], [2], on);
  (await x.read()).fill(9);
  expect(await x.read()).toEqual(Float32Array.of(1, 2));
});

test("dtypes: whole numbers, and truth as 0 and 1", async () => {
  expect(await tensor([1, -2], [2], on, "i32").read()).toEqual(Int32Array.of(1, -2));
  expect(await tensor([1, 0], [2], on, "bool").read()).toEqual(Uint8Array.of(1, 0));
  expect(await tensor([], [0, 3], on, "bool").read()).toEqual(new Uint8Array(0));
});

test("doubles stay doubles on a backend in double precision, and are rounded on one in single precision", async () => {
  const third = Float64Array.of(1 / 3);
  expect(await tensor(third, [1], cpu({ precision: "f64" })).read()).toEqual(third);
  expect(await tensor(third, [1], on).read()).toEqual(Float32Array.of(1 / 3));
});

test("zeros", async () => {
  expect(await zeros([2, 2], on).read()).toEqual(new Float32Array(4));
  expect(await zeros([3], on, "i32").read()).toEqual(new Int32Array(3));
  expect(await zeros([], on, "bool").read()).toEqual(new Uint8Array(1));
});

test("ones, and any number everywhere", async () => {
  expect(await ones([2, 1], on).read()).toEqual(Float32Array.of(1, 1));
  expect(await ones([2], on, "bool").read()).toEqual(Uint8Array.of(1, 1));
  expect(await full([2], -7, on, "i32").read()).toEqual(Int32Array.of(-7, -7));
  expect(await full([], -Infinity, on).read()).toEqual(Float32Array.of(-Infinity));
  expect(await full([3], 1 / 3, cpu({ precision: "f64" })).read()).toEqual(new Float64Array(3).fill(1 / 3));
  expect(await full([1], 1 / 3, on, "f16").read()).toEqual(Float32Array.of(0.333251953125));
  expect(full([0, 2], 5, on).shape).toEqual([0, 2]);
  expect(() => full([2], 0.5, on, "i32")).toThrow("element 0 is 0.5, which is no i32");
  expect(() => full([-1], 0, on)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [-1]]`,
  );
});

test("sizes that do not fit are refused", () => {
  expect(() => tensor([1, 2, 3], [2, 2], on)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: 3 numbers for the shape [2, 2], which has 4 elements]`,
  );
  expect(() => tensor([1], [-1], on)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [-1]]`,
  );
  expect(() => zeros([1.5, 2], on)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [1.5, 2]]`,
  );
  expect(() => zeros([NaN], on)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [NaN]]`,
  );
});

test("numbers that the dtype cannot hold are refused", () => {
  expect(() => tensor([1, 2.5], [2], on, "i32")).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: element 1 is 2.5, which is no i32: expected a whole number from -2147483648 to 2147483647]`,
  );
  expect(() => tensor([2 ** 31], [1], on, "i32")).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: element 0 is 2147483648, which is no i32: expected a whole number from -2147483648 to 2147483647]`,
  );
  expect(() => tensor([NaN], [1], on, "i32")).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: element 0 is NaN, which is no i32: expected a whole number from -2147483648 to 2147483647]`,
  );
  expect(() => tensor([0, 2], [2], on, "bool")).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: element 1 is 2, which is no bool: expected a whole number from 0 to 1]`,
  );
  expect(() => tensor([256], [1], on, "bool")).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: element 0 is 256, which is no bool: expected a whole number from 0 to 1]`,
  );
});

test("zeros are made where they are needed, and so a dry run of many needs no memory for them", async () => {
  expect(zeros([2 ** 20, 2 ** 20], dryRun()).shape).toEqual([2 ** 20, 2 ** 20]);
  for (const dtype of ["f32", "f16", "bf16", "i32", "u8", "bool", "q8"] as const)
    expect(Array.from(await zeros([2, 2], on, dtype).read())).toEqual([0, 0, 0, 0]);
});

test("ids are checked against their range", async () => {
  expect(await ids([3, 0, 4], [1, 3], on, { limit: 5 }).read()).toEqual(Int32Array.of(3, 0, 4));
  expect(await ids([3, -100], [2], on, { limit: 5, ignore: -100 }).read()).toEqual(Int32Array.of(3, -100));
  expect(() => ids([3, 5], [2], on, { limit: 5 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: token id 5 at place 1 is out of range: expected a whole number from 0 to 4. Was the text encoded with another vocabulary?]`,
  );
  expect(() => ids([-1], [1], on, { limit: 5, what: "segment" })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: segment -1 at place 0 is out of range: expected a whole number from 0 to 4. Was the text encoded with another vocabulary?]`,
  );
  expect(() => ids([1.5], [1], on, { limit: 5 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: token id 1.5 at place 0 is out of range: expected a whole number from 0 to 4. Was the text encoded with another vocabulary?]`,
  );
  expect(() => ids([NaN], [1], on, { limit: 5 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: token id NaN at place 0 is out of range: expected a whole number from 0 to 4. Was the text encoded with another vocabulary?]`,
  );
  expect(() => ids([1, 2], [3], on, { limit: 5 })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: 2 numbers for the shape [3], which has 3 elements]`,
  );
});

test("numbers keep every digit on a backend that computes in double precision", async () => {
  const [exact, rounded] = await Promise.all(
    [cpu({ precision: "f64" }), cpu()].map((on) => tensor([0.1], [1], on).read()),
  );
  expect(exact![0]).toBe(0.1);
  expect(rounded![0]).toBe(Math.fround(0.1));
});
