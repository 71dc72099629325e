import { expect, test } from "vitest";

import { outermost } from "./backend.ts";
import { cpu } from "./cpu/cpu.ts";
import { tensor } from "./create.ts";
import { autodiff } from "./decorators/autodiff.ts";
import { random } from "./random.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import { add, mul } from "./ops/arithmetic.ts";

test("of two backends in one chain the outer one owns the result", () => {
  const on = cpu();
  const once = autodiff(on);
  const twice = autodiff(once);
  expect(outermost(on, on, "add")).toBe(on);
  expect(outermost(on, twice, "add")).toBe(twice);
  expect(outermost(twice, on, "add")).toBe(twice);
  const x = tensor([1], [1], on);
  expect(add(once.watch(x), x).backend).toBe(once);
  expect(add(x, twice.watch(x)).backend).toBe(twice);
});

test("siblings are refused, naming both", () => {
  const [a, b] = [cpu(), promiseBackend(random(1))];
  const [x, y] = [tensor([1], [1], a), tensor([1], [1], b)];
  expect(() => add(x, y)).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: add: one input lives on "cpu", another on "promises", and neither wraps the other. Make the backend once, and upload both to it.]`,
  );
  expect(() => mul(autodiff(a).watch(x), y)).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: mul: one input lives on "autodiff(cpu)", another on "promises", and neither wraps the other. Make the backend once, and upload both to it.]`,
  );
  expect(() => mul(autodiff(a).watch(x), autodiff(a).watch(x))).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: mul: the inputs live on two different backends, both called "autodiff(cpu)", and neither wraps the other. Make the backend once, and upload both to it.]`,
  );
});
