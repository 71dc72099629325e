import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { both, either, equal, less, lessOrEqual, not } from "./compare.ts";

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
