import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { random } from "../random.ts";
import { add, div, mul, neg, sub } from "./arithmetic.ts";

const on = cpu();
const f32 = (...data: number[]) => tensor(data, [data.length], on);
const i32 = (...data: number[]) => tensor(data, [data.length], on, "i32");

test("NaN and infinities go through as IEEE 754 says", async () => {
  const x = f32(NaN, Infinity, -Infinity, 1);
  expect(await add(x, -Infinity).read()).toEqual(Float32Array.of(NaN, NaN, -Infinity, -Infinity));
  expect(await sub(x, x).read()).toEqual(Float32Array.of(NaN, NaN, NaN, 0));
  expect(await mul(x, 0).read()).toEqual(Float32Array.of(NaN, NaN, NaN, 0));
  expect(await div(x, 0).read()).toEqual(Float32Array.of(NaN, Infinity, -Infinity, Infinity));
  expect(await div(-1, f32(0, -0)).read()).toEqual(Float32Array.of(-Infinity, Infinity));
});

test("whole numbers wrap around at 32 bits, exactly", async () => {
  const largest = 2 ** 31 - 1;
  expect(await add(i32(largest), 1).read()).toEqual(Int32Array.of(-(2 ** 31)));
  expect(await sub(i32(-(2 ** 31)), 1).read()).toEqual(Int32Array.of(largest));
  expect(await neg(i32(5, -7)).read()).toEqual(Int32Array.of(-5, 7));
  const dice = random(3);
  const words = Array.from({ length: 40 }, () => dice.integer(2 ** 32) - 2 ** 31);
  const a = i32(...words);
  const b = i32(...words.toReversed());
  const exact = words.map((word, i) => Number(BigInt.asIntN(32, BigInt(word) * BigInt(words.at(-1 - i)!))));
  expect([...(await mul(a, b).read())]).toEqual(exact);
  expect([...(await mul(a, 123456789).read())]).toEqual(
    words.map((word) => Number(BigInt.asIntN(32, BigInt(word) * 123456789n))),
  );
  expect([...(await mul(tensor(words, [8, 5], on, "i32"), i32(...words.slice(0, 5))).read())]).toEqual(
    words.map((word, i) => Number(BigInt.asIntN(32, BigInt(word) * BigInt(words[i % 5]!)))),
  );
});

test("neg of an f32 tensor", async () => {
  expect(await neg(f32(1, -2, Infinity)).read()).toEqual(Float32Array.of(-1, 2, -Infinity));
});

test("dtypes are not promoted", () => {
  expect(() => add(f32(1), i32(1))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: add: f32 with i32. There is no implicit promotion: cast() one of them.]`,
  );
  expect(() => add(i32(1), 0.5)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: add: the number 0.5 cannot be i32; cast() the tensor to f32 first]`,
  );
  expect(() => add(i32(1), 2 ** 31)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: add: the number 2147483648 cannot be i32; cast() the tensor to f32 first]`,
  );
  expect(() => mul(tensor([1], [1], on, "bool"), tensor([1], [1], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: mul needs f32, f16, bf16 or i32, got bool; cast() the operands]`,
  );
  expect(() => sub(tensor([1], [1], on, "bool"), 1)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: sub: the number 1 cannot be bool; cast() the tensor to f32 first]`,
  );
  expect(() => div(i32(4), i32(2))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: div needs f32, f16 or bf16, got i32; cast() the operands]`,
  );
  expect(() => add(1, 2)).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: add: no input is a tensor, so nothing says where to compute it. Pass a backend.]`,
  );
});

test("shapes that do not broadcast are refused", () => {
  expect(() => add(f32(1, 2), f32(1, 2, 3))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: add: shapes [2] and [3] do not broadcast: axis -1 is 2 against 3]`,
  );
});
