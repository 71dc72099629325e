import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { Variable } from "../variable.ts";
import { adamwOp } from "./adamw.ts";

const attrs = { rate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, step: 1 };
const variables = (on = cpu()) =>
  [tensor([1, 2], [2], on), tensor([0, 0], [2], on), tensor([0, 0], [2], on)].map((x) => Variable.holding(x)) as [
    Variable,
    Variable,
    Variable,
  ];

test("the first step moves each element by the rate, against the sign of its gradient", async () => {
  const [p, m, v] = variables();
  Variable.update(adamwOp, [p, m, v], [tensor([3, -0.01], [2], p.value.backend)], attrs);
  const moved = await p.host();
  expect(moved[0]).toBeCloseTo(0.9, 5);
  expect(moved[1]).toBeCloseTo(2.1, 5);
  expect((await m.host())[0]).toBeCloseTo(0.3, 6);
  expect((await v.host())[0]).toBeCloseTo(0.009, 6);
});

test("decay alone shrinks by rate · decay", async () => {
  const [p, m, v] = variables();
  Variable.update(adamwOp, [p, m, v], [tensor([0, 0], [2], p.value.backend)], { ...attrs, decay: 0.5 });
  expect((await p.host())[1]).toBeCloseTo(2 * (1 - 0.1 * 0.5), 6);
});

test.each([cpu(), cpu({ fused: false })])("it finds the bottom of a bowl", async (on) => {
  const [p, m, v] = variables(on);
  for (let step = 1; step <= 300; step++) Variable.update(adamwOp, [p, m, v], [p.value], { ...attrs, step }); // the gradient of x² / 2 is x
  for (const x of await p.host()) expect(Math.abs(x)).toBeLessThan(0.01);
});

test("moments and gradients of another shape or dtype are refused", () => {
  const on = cpu();
  const [p, m, v] = variables(on);
  expect(() => Variable.update(adamwOp, [p, m, v], [tensor([1], [1], on)], attrs)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: adamw: g [1] must be the shape of the parameter [2]]`,
  );
  expect(() =>
    Variable.update(adamwOp, [p, m, v], [tensor([1, 2], [2], on, "i32")], attrs),
  ).toThrowErrorMatchingInlineSnapshot(`[DTypeError: adamw: g must be f32, got i32; cast() it]`);
});
