import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { gelu, relu, sigmoid, silu, softplus, squaredRelu } from "./activation.ts";
import { sum } from "./reduce.ts";

test.each([cpu(), cpu({ fused: false })])("far from 0 nothing overflows", async (on) => {
  const x = tensor([-1e30, -100, 100, 1e30, NaN], [5], on);
  expect(await relu(x).read()).toEqual(Float32Array.of(0, 0, 100, Math.fround(1e30), NaN));
  expect(await sigmoid(x).read()).toEqual(Float32Array.of(0, 0, 1, 1, NaN));
  for (const f of [silu, gelu, (x: ReturnType<typeof tensor>) => gelu(x, "tanh")]) {
    const y = await f(x).read();
    expect([...y.slice(0, 2)].map(Math.abs)).toEqual([0, 0]);
    expect(y.slice(2)).toEqual(Float32Array.of(100, Math.fround(1e30), NaN));
  }
});

test.each([cpu(), cpu({ fused: false })])("softplus is a line far above 0 and nothing far below", async (on) => {
  const x = tensor([-Infinity, -1e30, -100, 0, 100, 1e30, Infinity, NaN], [8], on);
  const expected = [0, 0, Math.exp(-100), Math.LN2, 100, 1e30, Infinity, NaN];
  const y = await softplus(x).read();
  expect(y).toEqual(Float32Array.from(expected));
  expect(y[2]).toBeGreaterThan(0);
});

test("squaredRelu: NaN and infinities", async () => {
  const x = tensor([-Infinity, -1, 3, Infinity, NaN], [5], cpu());
  expect(await squaredRelu(x).read()).toEqual(Float32Array.of(0, 0, 9, Infinity, NaN));
});

test("f16 holds softplus of whatever it holds", async () => {
  const x = tensor([-65504, -8, 8, 65504], [4], cpu(), "f16");
  const y = await softplus(x).read();
  expect(y[0]).toBe(0);
  expect(y[1]).toBeCloseTo(Math.log1p(Math.exp(-8)), 6);
  expect(y[2]).toBe(8);
  expect(y[3]).toBe(65504);
});

test("the gradient of relu at 0 is 0", async () => {
  const x = Variable.holding(tensor([-1, 0, 1], [3], cpu()));
  const { gradients } = differentiate([x], () => sum(relu(x.value)));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(0, 0, 1));
});

test("the two forms of GELU differ a little, and gelu is exact unless told", async () => {
  const x = tensor([1], [1], cpu());
  const [exact, byTanh, byDefault] = await Promise.all([
    gelu(x, "exact").read(),
    gelu(x, "tanh").read(),
    gelu(x).read(),
  ]);
  expect(exact[0]).toBeCloseTo(0.8413447, 6);
  expect(byTanh[0]).toBeCloseTo(0.841192, 6);
  expect(byDefault).toEqual(exact);
});

test("whole numbers are refused", () => {
  const whole = tensor([1], [1], cpu(), "i32");
  expect(() => relu(whole)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: relu: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => gelu(whole)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: gelu: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => softplus(whole)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: softplus: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => squaredRelu(whole)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: squaredRelu: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
});
