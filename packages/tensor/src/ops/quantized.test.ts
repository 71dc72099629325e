import { describe, expect, test } from "vitest";

import { cpu, cpuPrimitives } from "../cpu/cpu.ts";
import { cpuStorage } from "../cpu/storage.ts";
import { ids as idsOf, tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { DTypeError } from "../errors.ts";
import { kernelBackend } from "../kernel-backend.ts";
import type { Op } from "../op.ts";
import { quantize } from "../quantize.ts";
import { random } from "../random.ts";
import { Scope } from "../scope.ts";
import { sizeOf } from "../shape.ts";
import { compositeCases } from "../testing/composite-cases.ts";
import type { OpCase } from "../testing/op-case.ts";
import { primitiveCases } from "../testing/primitive-cases.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { refusal } from "../testing/types-only.ts";
import type { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import * as composites from "./composites.ts";
import { cast } from "./cast.ts";
import { dequantize } from "./dequantize.ts";
import { linear } from "./linear.ts";
import * as primitives from "./primitives.ts";
import { quantizedEmbedding, quantizedLinear, quantizedLinearOp } from "./quantized.ts";
import { reshape } from "./reshape.ts";
import { stopGradient } from "./stop-gradient.ts";
import { sum } from "./reduce.ts";

const cases: { readonly [name: string]: readonly OpCase[] } = { ...primitiveCases, ...compositeCases };
const ops = Object.entries<Op>({ ...primitives, ...composites });
const on = cpu();

describe("levels", () => {
  test("are taken by three ops alone", () => {
    const taking = ops.filter(([, op]) => op.takesQuantized).map(([name]) => name);
    expect(taking.toSorted()).toEqual(["dequantize", "quantizedEmbedding", "quantizedLinear"]);
  });
  test.each(ops.filter(([, op]) => !op.takesQuantized))("are refused by %s, in every place, by name", (name, op) => {
    let tried = 0;
    for (const each of cases[name]!) {
      for (const [i, input] of each.inputs.entries()) {
        if (typeof input !== "object") continue;
        for (const dtype of ["q8", "q4"] as const) {
          const error = refusal(op, each, { [i]: dtype });
          expect(error).toBeInstanceOf(DTypeError);
          expect((error as DTypeError).message).toBe(
            `${name}: input ${i} is ${dtype}, levels that mean nothing without their scales; dequantize() them, or use quantizedLinear() or quantizedEmbedding()`,
          );
          expect((error as DTypeError).fields).toEqual({ op: name, input: i, dtype });
          tried++;
        }
      }
    }
    expect(tried > 0).toBe(!["iota", "uniform"].includes(name)); // which have no inputs
  });
  test.each(ops.filter(([, op]) => op.takesQuantized))("are taken by %s in their own place only", (name, op) => {
    for (const each of cases[name]!) {
      for (const [i, input] of each.inputs.entries()) {
        if (typeof input !== "object") continue;
        const isLevels = input.dtype === "q8" || input.dtype === "q4";
        for (const dtype of ["q8", "q4"] as const)
          expect(refusal(op, each, { [i]: dtype })).toEqual(isLevels ? undefined : expect.any(DTypeError));
        if (isLevels) expect(refusal(op, each, { [i]: "f32" })).toBeInstanceOf(DTypeError);
      }
    }
  });
  test.each(["q8", "q4"] as const)("%s cannot be reshaped, or pass where gradients stop", (dtype) => {
    const x = tensor([1, 2, 3, 4], [2, 2], on, dtype);
    expect(() => reshape(x, [4])).toThrow(`reshape: input 0 is ${dtype}`);
    expect(() => stopGradient(x)).toThrow(`stopGradient: input 0 is ${dtype}`);
    expect(() => cast(x, dtype)).toThrow(`reshape: input 0 is ${dtype}`); // an alias of itself
  });
});

function weightOf(bits: 8 | 4, backend = on): { levels: Tensor; scales: Tensor } {
  const dice = random(6);
  const { levels, scales } = quantize(
    Float32Array.from({ length: 24 * 64 }, () => dice.normal()),
    [24, 64],
    { bits },
  );
  return { levels: backend.upload(levels.data, levels.type), scales: backend.upload(scales.data, scales.type) };
}
const drawn = (n: number): Float32Array => {
  const dice = random(7);
  return Float32Array.from({ length: n }, () => dice.normal());
};

describe.each([8, 4] as const)("%s bits", (bits) => {
  test.each([1, 3, 4, 9])("the kernel for %s rows gives what the product with the whole weight gives", async (rows) => {
    for (const backend of [cpu(), cpu({ fused: false }), promiseBackend(random(1))]) {
      using scope = new Scope();
      const [y, right] = scope.run(() => {
        const { levels, scales } = weightOf(bits, backend);
        const [x, bias] = [tensor(drawn(rows * 64), [rows, 64], backend), tensor(drawn(24), [24], backend)];
        return [quantizedLinear(x, levels, scales, bias), linear(x, dequantize(levels, scales), bias)];
      });
      const [a, e] = [await y.read(), await right.read()];
      for (let i = 0; i < e.length; i++) expect(Math.abs(a[i]! - e[i]!)).toBeLessThan(2e-5);
    }
  });
  test("scales and bias as small as one likes: the result and each gradient have the dtype of what they belong to", async () => {
    const { levels, scales } = weightOf(bits);
    const mixes = [
      ["f32", "f16"],
      ["f32", "bf16"],
      ["f16", "f32"],
      ["bf16", "bf16"],
    ] as const;
    for (const [dtype, small] of mixes) {
      const x = Variable.holding(tensor(drawn(2 * 64), [2, 64], on, dtype));
      const s = Variable.holding(cast(scales, small));
      const bias = Variable.holding(tensor(drawn(24), [24], on, small));
      const { value, gradients } = differentiate([x, s, bias], () =>
        sum(quantizedLinear(x.value, levels, s.value, bias.value)),
      );
      expect([value, ...gradients].map((made) => made!.dtype)).toEqual([dtype, dtype, small, small]);
      const exact = linear(cast(x.value, "f32"), dequantize(levels, cast(s.value, "f32")), cast(bias.value, "f32"));
      const y = quantizedLinear(x.value, levels, s.value, bias.value);
      const [a, e] = [await y.read(), await exact.read()];
      const unit = dtype === "f32" ? 0 : dtype === "f16" ? 2 ** -11 : 2 ** -8;
      for (let i = 0; i < e.length; i++) expect(Math.abs(a[i]! - e[i]!)).toBeLessThan(2e-5 + unit * Math.abs(e[i]!));
    }
  });
  test("a row of the table is the row of the whole table, and writes out no more than that", async () => {
    const fresh = cpu();
    const { levels, scales } = weightOf(bits, fresh);
    const ids = idsOf([23, 0, 7], [3], fresh, { limit: 24 });
    const before = fresh.memory().bytes;
    const rows = quantizedEmbedding(levels, scales, ids);
    expect(fresh.memory().bytes - before).toBe(3 * 64 * 4);
    const whole = await dequantize(levels, scales).read();
    const expected = [23, 0, 7].flatMap((id) => [...whole.slice(id * 64, (id + 1) * 64)]);
    expect([...(await rows.read())]).toEqual(expected);
  });
});

test("the composition does not round a weight to the dtype of its small scales, where it runs on them as they are", async () => {
  const backend = kernelBackend({
    name: "composing",
    storage: cpuStorage("f32"),
    kernels: cpuPrimitives,
    halves: ["quantizedLinear"],
  });
  const { levels, scales } = weightOf(8, backend);
  const x = tensor(drawn(64), [1, 64], backend);
  const small = cast(scales, "bf16");
  const [a, e] = [quantizedLinear(x, levels, small), linear(x, dequantize(levels, cast(small, "f32")))];
  expect(await a.read()).toEqual(await e.read());
});

test("calls that do not fit are refused", () => {
  const { levels, scales } = weightOf(8);
  const x = (dtype: "f32" | "f16" | "i32", shape = [2, 64]) => tensor(new Int8Array(sizeOf(shape)), shape, on, dtype);
  const bias = (n: number, dtype: "f32" | "f16" = "f32") => tensor(new Int8Array(n), [n], on, dtype);
  expect(() => quantizedLinear(x("i32"), levels, scales)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: quantizedLinear: x must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => quantizedLinear(x("f16"), levels, cast(scales, "bf16"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: quantizedLinear: the scales must be f32 or of x's dtype f16, got bf16; cast() them]`,
  );
  expect(() => quantizedLinear(x("f32"), levels, scales, bias(24, "f16"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: quantizedLinear: the bias must be f32, got f16; cast() it]`,
  );
  expect(() => quantizedLinear(x("f32", [64, 2]), levels, scales)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: quantizedLinear: x [64, 2] with levels [24, 64]: the levels are [out, in], and x ends with in]`,
  );
  expect(() => quantizedLinear(x("f32"), levels, scales, bias(23))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: quantizedLinear: the bias must be [24], got [23]]`,
  );
  const row = tensor(new Int8Array(64), [64], on, "q8");
  const scale = tensor([1, 1], [2], on);
  expect(() => quantizedLinear(x("f32"), row, scale)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: quantizedLinear: the levels must be [out, in], got [64]]`,
  );
  const ids = tensor([0], [1], on, "i32");
  expect(() => quantizedEmbedding(row, scale, ids)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: quantizedEmbedding: the levels must be [v, d], got [64]]`,
  );
  expect(() => quantizedEmbedding(levels, scales, bias(1))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: quantizedEmbedding: ids must be i32, got f32; cast() it]`,
  );
});

test("the work of a quantised product is counted as that of the product", () => {
  const types = [[3, 64], [24, 64], [24, 2], [24]].map((shape) => ({ dtype: "f32" as const, shape }));
  const [x, levels, scales, bias] = types as [never, never, never, never];
  const output = { dtype: "f32", shape: [3, 24] } as never;
  expect(quantizedLinearOp.flops!([x, levels, scales, bias], output, {})).toBe(3 * 24 * (2 * 64 + 1));
  expect(quantizedLinearOp.flops!([x, levels, scales, undefined], output, {})).toBe(3 * 24 * 2 * 64);
});
