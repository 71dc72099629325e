import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { gelu, relu, sigmoid, silu } from "./activation.ts";
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
});
