import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { maximum, minimum } from "./maximum.ts";
import { sum } from "./reduce.ts";

const on = cpu();
const f32 = (...data: number[]) => tensor(data, [data.length], on);

test("a NaN on either side wins", async () => {
  const a = f32(NaN, 1, NaN, Infinity, -Infinity, 2);
  const b = f32(1, NaN, NaN, 3, 3, -Infinity);
  expect(await maximum(a, b).read()).toEqual(Float32Array.of(NaN, NaN, NaN, Infinity, 3, 2));
  expect(await minimum(a, b).read()).toEqual(Float32Array.of(NaN, NaN, NaN, 3, -Infinity, -Infinity));
  expect(await maximum(a, 0).read()).toEqual(Float32Array.of(NaN, 1, NaN, Infinity, 0, 2));
  expect(await maximum(NaN, b).read()).toEqual(new Float32Array(6).fill(NaN));
});

test("minimum broadcasts, and takes whole numbers", async () => {
  expect(await minimum(tensor([1, 5, 3, 4], [2, 2], on), f32(2, 4)).read()).toEqual(Float32Array.of(1, 4, 2, 4));
  expect(await minimum(tensor([7, -7], [2], on, "i32"), 3).read()).toEqual(Int32Array.of(3, -7));
  expect(await minimum(3, tensor([7, -7], [2], on, "i32")).read()).toEqual(Int32Array.of(3, -7));
  const ends = tensor([-(2 ** 31), 2 ** 31 - 1], [2], on, "i32");
  expect(await minimum(ends, 0).read()).toEqual(Int32Array.of(-(2 ** 31), 0));
  expect(await minimum(-(2 ** 31), ends).read()).toEqual(new Int32Array(2).fill(-(2 ** 31)));
});

test("at a tie the gradient goes to the first operand, once", async () => {
  const a = Variable.holding(f32(1, 2, 3));
  const b = Variable.holding(f32(1, 5, 0));
  const { gradients } = differentiate([a, b], () => sum(maximum(a.value, b.value)));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(1, 0, 1));
  expect(await gradients[1]!.read()).toEqual(Float32Array.of(0, 1, 0));
});

test("bool is refused", () => {
  expect(() => maximum(tensor([1], [1], on, "bool"), 0)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: maximum: the number 0 cannot be bool; cast() the tensor to f32 first]`,
  );
});

test("minimum refuses in its own name", () => {
  const [words, flags] = [tensor([1], [1], on, "i32"), tensor([1], [1], on, "bool")];
  expect(() => minimum(f32(1), words)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: minimum: f32 with i32. There is no implicit promotion: cast() one of them.]`,
  );
  expect(() => minimum(flags, flags)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: minimum: its input must be f32, f16, bf16 or i32, got bool; cast() it]`,
  );
});
