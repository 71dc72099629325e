import { describe, expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { tensor } from "./create.ts";
import { differentiate } from "./decorators/differentiate.ts";
import type { DType, TypedArray } from "./dtype.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { cast } from "./ops/cast.ts";
import { gather } from "./ops/gather.ts";
import { quantizedLinear } from "./ops/quantized.ts";
import { sum } from "./ops/reduce.ts";
import { writeSliceOp } from "./ops/slice.ts";
import { random } from "./random.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import { Variable } from "./variable.ts";

const stored: readonly [DType, TypedArray, TypedArray][] = [
  ["f16", Uint16Array.of(0x3c00, 0x7c01, 0x8000, 0x0001), Float32Array.of(1, NaN, -0, 2 ** -24)],
  ["f16", Float32Array.of(0.1, 1e6, -0, 1), Float32Array.of(0.0999755859375, Infinity, -0, 1)],
  ["bf16", Float64Array.of(0.1, 3e38, 1 + 2 ** -8, 1), Float32Array.of(0.10009765625, 2 ** 127 * (1 + 98 / 128), 1, 1)],
  ["u8", Uint8Array.of(0, 255, 1, 7), Uint8Array.of(0, 255, 1, 7)],
  ["i32", Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, 7), Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, 7)],
  ["q8", Int8Array.of(-127, 127, 0, 7), Int8Array.of(-127, 127, 0, 7)],
  ["q4", Uint8Array.of(0xf0, 0x98), Uint8Array.of(0xf0, 0x98)],
];

describe.each(stored)("a variable of %s", (dtype, initial, expected) => {
  const type = { dtype, shape: [2, 2] };
  const bitsOf = (data: TypedArray): Uint8Array => new Uint8Array(data.buffer);
  test("has the same values on the host, on each backend that it moves to, and back, to the bit", async () => {
    const variable = new Variable(type, () => initial);
    const first = await variable.host();
    expect(first).toEqual(expected);
    (await variable.host()).fill(0); // a copy
    for (const backend of [cpu(), promiseBackend(random(1)), cpu({ precision: "f64" })]) {
      await variable.place(backend);
      expect(variable.value.type).toEqual(type);
      expect(bitsOf(await variable.host())).toEqual(bitsOf(first));
    }
    const again = new Variable(type, () => first); // as a checkpoint gives it back
    await again.place(cpu());
    expect(bitsOf(await again.host())).toEqual(bitsOf(first));
    variable.assign(initial);
    expect(bitsOf(await variable.host())).toEqual(bitsOf(first));
  });
  test("refuses an array of another kind or length, wherever it lives", async () => {
    const variable = new Variable(type, () => initial);
    const wrong = dtype === "i32" ? new Float32Array(4) : new Int32Array(initial.length);
    expect(() => variable.assign(wrong)).toThrow(`${dtype} [2, 2] is uploaded from`);
    expect(() => variable.assign(initial.slice(1))).toThrow(/^a variable \[2, 2\]/);
    await variable.place(cpu());
    expect(() => variable.assign(wrong)).toThrow(`${dtype} [2, 2] is uploaded from`);
    await expect(new Variable(type, () => wrong).host()).rejects.toThrow("is uploaded from");
    expect(await variable.host()).toEqual(expected);
  });
});

test("a variable of q4 counts bytes", async () => {
  const variable = new Variable({ dtype: "q4", shape: [2, 2] }, () => new Uint8Array(4));
  await expect(variable.host()).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a variable [2, 2] in q4 is 2 bytes, got 4]`,
  );
  const odd = new Variable({ dtype: "q4", shape: [2, 3] }, () => new Uint8Array(3));
  await expect(odd.host()).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: q4 packs two levels into a byte, so its last axis must be even, got [2, 3]]`,
  );
});

test("levels are updated by no op: they are replaced as a whole", async () => {
  const on = cpu();
  const variable = Variable.holding(tensor([1, 2], [1, 2], on, "q8"));
  const write = (source: DType) =>
    Variable.update(writeSliceOp, [variable], [tensor([0, 0], [1, 2], on, source)], { axis: 0, start: 0 });
  expect(() => write("q8")).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: writeSlice: input 0 is q8, levels that mean nothing without their scales; dequantize() them, or use quantizedLinear() or quantizedEmbedding()]`,
  );
  expect(() => write("f32")).toThrow("writeSlice: input 0 is q8");
  variable.assign(Int8Array.of(3, 4));
  expect(await variable.host()).toEqual(Int8Array.of(3, 4));
});

test("what has no derivative has an undefined gradient, and what stands beside it has one", async () => {
  const on = cpu();
  const levels = Variable.holding(tensor([1, 2, 3, 4], [2, 2], on, "q8"));
  const scales = Variable.holding(tensor([0.5, 2], [2, 1], on));
  const ids = Variable.holding(tensor([1, 1], [2], on, "i32"));
  const table = Variable.holding(tensor([1, 2, 3, 4], [2, 2], on));
  const whole = Variable.holding(tensor([5], [1], on, "i32"));
  const { gradients } = differentiate([levels, scales, ids, table, whole], () => {
    const y = quantizedLinear(gather(table.value, ids.value), levels.value, scales.value);
    return mul(sum(y), sum(cast(add(whole.value, 1), "f32")));
  });
  expect(gradients.map((gradient) => gradient?.dtype)).toEqual([undefined, "f32", undefined, "f32", undefined]);
  expect(await gradients[1]!.read()).toEqual(Float32Array.of(6 * 2 * (3 + 8), 6 * 2 * (9 + 16)));
  expect(await gradients[3]!.read()).toEqual(Float32Array.of(0, 0, 6 * 2 * 6.5, 6 * 2 * 9));
});

test("a loss that is no float is refused", () => {
  const whole = Variable.holding(tensor([5], [1], cpu(), "i32"));
  expect(() => differentiate([whole], () => sum(whole.value))).toThrowErrorMatchingInlineSnapshot(
    `[GradientError: only a float can be differentiated, got i32, which has no derivative; cast() it]`,
  );
});
