import { describe, expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { apply, none, type Composite, type None, type Primitive } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { less } from "../ops/compare.ts";
import { layerNorm } from "../ops/norm.ts";
import { exp } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { softmax } from "../ops/softmax.ts";
import { topK } from "../ops/top-k.ts";
import { Scope, scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { autodiff } from "./autodiff.ts";

const f32 = (on: ReturnType<typeof cpu>, ...data: number[]): Tensor => tensor(data, [data.length], on);

describe("a tape", () => {
  test("computes what its inner backend computes, and gives gradients on the inner backend", async () => {
    const on = cpu();
    const tape = autodiff(on);
    expect(tape.name).toBe("autodiff(cpu)");
    const x = tape.watch(f32(on, 2, 3));
    const y = sum(mul(x, x));
    expect(await y.read()).toEqual(Float32Array.of(13));
    const [gradient] = tape.gradients(y, [x]);
    expect(gradient!.backend).toBe(on);
    expect(await gradient!.read()).toEqual(Float32Array.of(4, 6));
  });
  test("over a tape gives second derivatives: x³ at 3 has 27 and 18", async () => {
    const on = cpu();
    const outer = autodiff(on);
    const x = outer.watch(f32(on, 3));
    const inner = autodiff(outer);
    const y = inner.watch(x);
    const [first] = inner.gradients(sum(mul(mul(y, y), y)), [y]);
    const [second] = outer.gradients(sum(first!), [x]);
    expect(await first!.read()).toEqual(Float32Array.of(27));
    expect(await second!.read()).toEqual(Float32Array.of(18));
    expect(inner.name).toBe("autodiff(autodiff(cpu))");
  });
  test("asks each input alone: whichever is watched, its gradient is the same", async () => {
    const on = cpu({ precision: "f64" });
    const inputs = [tensor([1, 5, 2, 4], [2, 2], on), f32(on, 2, 3), f32(on, 4, 5)] as const;
    const weight = tensor([1, 2, 3, 4], [2, 2], on);
    const gradientsOf = async (watched: readonly number[]): Promise<ArrayLike<number>[]> => {
      const tape = autodiff(on);
      const [x, w, b] = inputs.map((input, i) => (watched.includes(i) ? tape.watch(input) : input)) as [
        Tensor,
        Tensor,
        Tensor,
      ];
      const y = sum(mul(layerNorm(x, w, b), weight));
      const gradients = tape.gradients(
        y,
        [x, w, b].filter((_, i) => watched.includes(i)),
      );
      return Promise.all(gradients.map((gradient) => gradient!.read()));
    };
    const all = await gradientsOf([0, 1, 2]);
    for (const i of [0, 1, 2]) expect(await gradientsOf([i])).toEqual([all[i]]);
  });
  test("adds up what reaches a tensor on several ways", async () => {
    const on = cpu();
    const tape = autodiff(on);
    const x = tape.watch(f32(on, 2));
    const y = add(mul(x, x), add(x, x)); // x² + 2x
    const [gradient] = tape.gradients(sum(mul(y, reshape(x, [1]))), [x]);
    expect(await gradient!.read()).toEqual(Float32Array.of(3 * 4 + 4 * 2));
  });
  test("gives undefined for what the result does not depend on", () => {
    const on = cpu();
    const tape = autodiff(on);
    const [x, y] = [tape.watch(f32(on, 1)), tape.watch(f32(on, 1))];
    const [first, second] = tape.gradients(sum(mul(x, 2)), [x, y]);
    expect(first).toBeDefined();
    expect(second).toBe(undefined);
    const other = autodiff(on);
    const z = other.watch(f32(on, 1));
    expect(other.gradients(sum(other.lift(f32(on, 1))), [z])).toEqual([undefined]);
  });
  test("follows one output of several, and both", async () => {
    const on = cpu();
    const gradientOf = async (
      f: (values: Tensor, indices: Tensor) => Tensor,
    ): Promise<ArrayLike<number> | undefined> => {
      const tape = autodiff(on);
      const x = tape.watch(f32(on, 5, 1, 7));
      const [gradient] = tape.gradients(sum(f(...topK(x, 2))), [x]);
      return gradient?.read();
    };
    expect(await gradientOf((values) => mul(values, tensor([10, 20], [2], on)))).toEqual(Float32Array.of(20, 0, 10));
    expect(await gradientOf((values, indices) => mul(values, add(indices, 1) === undefined ? values : 3))).toEqual(
      Float32Array.of(3, 0, 3),
    );
  });
  test("computes on after it was used up, and records no more", async () => {
    const on = cpu();
    const tape = autodiff(on);
    const x = tape.watch(f32(on, 2));
    const y = sum(mul(x, x));
    for (const gradient of tape.gradients(y, [x])) gradient?.[Symbol.dispose]();
    expect(await mul(x, 5).read()).toEqual(Float32Array.of(10));
    const after = on.memory().tensors;
    using z = mul(x, x);
    expect(on.memory().tensors).toBe(after + 1); // z, and nothing that a rule would read
    expect(() => tape.gradients(sum(z), [x])).toThrow("used up");
  });
  test("uploads, shares, lowers and counts through its inner backend", async () => {
    const on = cpu();
    const tape = autodiff(on);
    const x = tensor([1, 2], [2], tape);
    expect(x.backend).toBe(tape);
    expect(tape.memory()).toEqual({ tensors: 1, bytes: 8 });
    const below = tape.lower(x);
    expect(below.backend).toBe(on);
    expect(await reshape(x, [2, 1]).read()).toEqual(Float32Array.of(1, 2));
    expect(tape.share(x, { dtype: "f32", shape: [1, 2] }).shape).toEqual([1, 2]);
    expect(() => tape.share(tape.watch(x), { dtype: "f32", shape: [1, 2] })).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: "cpu" wraps no backend, so it cannot see a tensor of "autodiff(cpu)". Upload the values instead.]`,
    );
  });
});

describe("what a rule reads", () => {
  const squareOp = (saves: "none" | "inputs" | "output" | "both"): Composite<[x: Tensor], None> => ({
    kind: "composite",
    name: "test/square",
    saves,
    infer: ([x]) => x,
    compose: ([x]) => mul(x, x),
    gradient: ({ inputs: [x], upstream }) => [() => mul(upstream, mul(x, 2))],
  });
  test.each(["inputs", "both"] as const)("is there when it was saved: %s", async (saves) => {
    const on = cpu();
    const tape = autodiff(on);
    const x = tape.watch(f32(on, 3));
    const [gradient] = tape.gradients(sum(apply(squareOp(saves), [x], none)), [x]);
    expect(await gradient!.read()).toEqual(Float32Array.of(6));
  });
  test.each(["none", "output"] as const)("throws when it was not: %s", (saves) => {
    const on = cpu();
    const tape = autodiff(on);
    const x = tape.watch(f32(on, 3));
    expect(() => tape.gradients(sum(apply(squareOp(saves), [x], none)), [x])).toThrow("mul: input 0 was already freed");
  });
  test("is all that is kept: the rest is freed while the tape lives", () => {
    const on = cpu();
    const tape = autodiff(on);
    const x = tape.watch(tensor(new Float32Array(100), [100], on));
    const kept = scoped(() => sum(exp(add(mul(x, 2), 1)))); // mul keeps x, exp its output; add, sum and the reshape keep nothing
    expect(on.memory().bytes).toBe((100 + 100 + 1) * 4);
    for (const gradient of tape.gradients(kept, [x])) gradient?.[Symbol.dispose]();
    expect(on.memory().bytes).toBe((100 + 1) * 4);
  });
});

describe("refuses", () => {
  const on = cpu();
  test("an op with neither a rule nor a composition", () => {
    const ruleless: Primitive<[x: Tensor], None> = { kind: "primitive", name: "exp", infer: ([x]) => x };
    const tape = autodiff(on);
    expect(() => apply(ruleless, [tape.watch(f32(on, 1))], none)).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: exp has neither a gradient rule nor a composition; say \`gradient: null\` if it has no derivative]`,
    );
    expect(apply(ruleless, [tape.lift(f32(on, 1))], none).alive).toBe(true); // untracked: nothing to differentiate
  });
  test("to differentiate several elements, or what lives elsewhere", () => {
    const tape = autodiff(on);
    const x = tape.watch(f32(on, 1, 2));
    expect(() => tape.gradients(mul(x, 2), [x])).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: only a tensor with one element can be differentiated, got [2]; take its mean() or sum()]`,
    );
    expect(() => tape.gradients(f32(on, 1), [x])).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: the tensor to differentiate lives on "cpu", not on "autodiff(cpu)": it does not depend on any watched tensor]`,
    );
  });
});

describe("memory", () => {
  test("a tape that is closed unused gives everything back", () => {
    const on = cpu();
    const x = tensor([1, 2], [2], on);
    const tape = autodiff(on);
    using scope = new Scope();
    using watched = tape.watch(x);
    scope.run(() => scoped(() => softmax(exp(mul(watched, watched)))));
    tape.close();
    tape.close();
    scope[Symbol.dispose]();
    expect(on.memory().tensors).toBe(1);
  });
  test("gradients that nobody asked for are freed", () => {
    const on = cpu();
    const [a, b] = [f32(on, 1), f32(on, 2)];
    const tape = autodiff(on);
    using x = tape.watch(a);
    using y = tape.watch(b);
    using z = scoped(() => sum(mul(x, y)));
    const [gradient] = tape.gradients(z, [x]);
    expect(on.memory().tensors).toBe(4); // a, b, z and the gradient
    gradient![Symbol.dispose]();
  });
  test("a comparison of tracked tensors records nothing", () => {
    const on = cpu();
    const tape = autodiff(on);
    using x = tape.watch(f32(on, 1, 2));
    using y = less(x, 1.5);
    expect(on.memory()).toEqual({ tensors: 2, bytes: 10 });
    expect(y.dtype).toBe("bool");
  });
});

test("a tape that is used up, and a tensor that was not watched, are refused", () => {
  const on = cpu();
  const x = f32(on, 1, 2);
  const tape = autodiff(on);
  using watched = tape.watch(x);
  using square = mul(watched, watched);
  using loss = sum(square);
  using constant = tape.lift(x);
  for (const tensor of [square, constant]) {
    expect(() => tape.gradients(loss, [tensor])).toThrowErrorMatchingInlineSnapshot(
      `[GradientError: gradients are with respect to tensors that watch() made; watch() the tensor first]`,
    );
  }
  const [gradient] = tape.gradients(loss, [watched]);
  gradient![Symbol.dispose]();
  const before = on.memory();
  expect(() => tape.gradients(loss, [watched])).toThrowErrorMatchingInlineSnapshot(
    `[GradientError: the tape of autodiff(cpu) is used up; make a fresh one with autodiff() for each derivative]`,
  );
  expect(on.memory()).toEqual(before);
});
