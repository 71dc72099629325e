import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { both, either, equal, greater, greaterOrEqual, less, lessOrEqual, not, notEqual } from "./compare.ts";

const on = cpu();
const x = tensor([NaN, Infinity, -Infinity, 0, -0], [5], on);
const truth = tensor([1, 1, 0, 0], [4], on, "bool");
const other = tensor([1, 0, 1, 0], [4], on, "bool");

test("nothing is equal to, less or greater than NaN", async () => {
  expect(await equal(x, x).read()).toEqual(Uint8Array.of(0, 1, 1, 1, 1));
  expect(await less(x, x).read()).toEqual(Uint8Array.of(0, 0, 0, 0, 0));
  expect(await lessOrEqual(x, x).read()).toEqual(Uint8Array.of(0, 1, 1, 1, 1));
  expect(await less(x, 0).read()).toEqual(Uint8Array.of(0, 0, 1, 0, 0));
  expect(await less(0, x).read()).toEqual(Uint8Array.of(0, 1, 0, 0, 0));
  expect(await equal(x, 0).read()).toEqual(Uint8Array.of(0, 0, 0, 1, 1));
});

test("the other three are these, turned around", async () => {
  expect(await greater(x, 0).read()).toEqual(Uint8Array.of(0, 1, 0, 0, 0));
  expect(await greater(0, x).read()).toEqual(Uint8Array.of(0, 0, 1, 0, 0));
  expect(await greaterOrEqual(x, 0).read()).toEqual(Uint8Array.of(0, 1, 0, 1, 1));
  expect(await notEqual(x, x).read()).toEqual(Uint8Array.of(1, 0, 0, 0, 0));
  expect(await notEqual(x, 0).read()).toEqual(Uint8Array.of(1, 1, 1, 0, 0));
  const column = tensor([1, 2], [2, 1], on, "i32");
  expect(await greater(column, tensor([0, 1, 2], [3], on, "i32")).read()).toEqual(Uint8Array.of(1, 0, 0, 1, 1, 0));
});

test("bytes are compared with bytes and with the numbers that they can be", async () => {
  const bytes = tensor([0, 128, 255], [3], on, "u8");
  expect(await less(bytes, 200).read()).toEqual(Uint8Array.of(1, 1, 0));
  expect(await equal(bytes, tensor([0, 1, 255], [3], on, "u8")).read()).toEqual(Uint8Array.of(1, 0, 1));
  expect(() => less(bytes, 256)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: less: the number 256 cannot be u8; cast() the tensor to f32 first]`,
  );
});

test("the three that are turned around are refused in their own name", () => {
  expect(() => greater(x, truth)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: greater: f32 with bool. There is no implicit promotion: cast() one of them.]`,
  );
  expect(() => greaterOrEqual(x, tensor([1, 2], [2], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: greaterOrEqual: shapes [5] and [2] do not broadcast: axis -1 is 5 against 2]`,
  );
  expect(() => notEqual(tensor([1], [1], on, "i32"), 0.5)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: notEqual: the number 0.5 cannot be i32; cast() the tensor to f32 first]`,
  );
  expect(() => greater(1, 2)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: greater of two numbers, 1 and 2: one operand must be a tensor]`,
  );
});

test("logic", async () => {
  expect(await both(truth, other).read()).toEqual(Uint8Array.of(1, 0, 0, 0));
  expect(await either(truth, other).read()).toEqual(Uint8Array.of(1, 1, 1, 0));
  expect(await not(truth).read()).toEqual(Uint8Array.of(0, 0, 1, 1));
  expect(await equal(truth, other).read()).toEqual(Uint8Array.of(1, 0, 0, 1));
});

test("dtypes that do not fit are refused", () => {
  expect(() => equal(x, truth)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: equal: f32 with bool. There is no implicit promotion: cast() one of them.]`,
  );
  expect(() => less(truth, 1)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: less: the number 1 cannot be bool; cast() the tensor to f32 first]`,
  );
  expect(() => both(truth, x)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: both: the second input must be bool, got f32; cast() it]`,
  );
  expect(() => either(x, truth)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: either: the first input must be bool, got f32; cast() it]`,
  );
  expect(() => not(x)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: not: its input must be bool, got f32; cast() it]`,
  );
  expect(() => equal(tensor([1], [1], on, "i32"), 0.5)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: equal: the number 0.5 cannot be i32; cast() the tensor to f32 first]`,
  );
});
