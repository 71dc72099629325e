import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor, zeros } from "../create.ts";
import { random } from "../random.ts";
import { Variable } from "../variable.ts";
import { matmul } from "./matmul.ts";
import { muonOp } from "./muon.ts";

const attrs = { rate: 1, momentum: 0.95, decay: 0, scale: 1 };
const on = cpu({ precision: "f64" });

test.each([
  [3, 5],
  [5, 3],
] as const)("the step of a random [%d, %d] gradient is nearly orthogonal, and goes its way", async (m, n) => {
  const [p, u] = [zeros([m, n], on), zeros([m, n], on)].map((x) => Variable.holding(x)) as [Variable, Variable];
  const dice = random(8);
  const g = Float64Array.from({ length: m * n }, () => dice.normal());
  Variable.update(muonOp, [p, u], [tensor(g, [m, n], on)], attrs);
  const step = p.value;
  const gram = await (
    m < n ? matmul(step, step, { transposeB: true }) : matmul(step, step, { transposeA: true })
  ).read();
  const size = Math.min(m, n);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      if (i === j) expect(gram[i * size + j]).toBeGreaterThan(0.4);
      expect(Math.abs(gram[i * size + j]! - (i === j ? 1 : 0))).toBeLessThan(0.6);
    }
  const moved = await step.read();
  expect(g.reduce((sum, x, i) => sum + x * moved[i]!, 0)).toBeLessThan(0); // against the gradient
});

test("a gradient of zeros moves nothing", async () => {
  const [p, u] = [zeros([2, 2], on), zeros([2, 2], on)].map((x) => Variable.holding(x)) as [Variable, Variable];
  Variable.update(muonOp, [p, u], [zeros([2, 2], on)], attrs);
  for (const x of await p.host()) expect(Math.abs(x)).toBe(0);
});

test("what is no matrix is refused", () => {
  const [p, u] = [zeros([3], on), zeros([3], on)].map((x) => Variable.holding(x)) as [Variable, Variable];
  expect(() => Variable.update(muonOp, [p, u], [zeros([3], on)], attrs)).toThrow(
    "muon: the parameter must be a matrix, got [3]; give AdamW what is none",
  );
});
