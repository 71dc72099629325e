import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import type { Op } from "../op.ts";
import { Scope } from "../scope.ts";
import { centralDifferences, gradientOf, ruleGradients, isReal, weighted } from "../testing/gradient-check.ts";
import { describeCase, expectClose, expectNumbers, runCase, type OpCase } from "../testing/op-case.ts";
import { primitiveCases } from "../testing/primitive-cases.ts";
import * as primitives from "./primitives.ts";

const table: { readonly [name: string]: readonly OpCase[] } = primitiveCases;
const rows = Object.entries<Op>(primitives).map(([name, op]): [string, Op, readonly OpCase[]] => [
  name,
  op,
  table[name] ?? [],
]);
const differentiable = rows.filter(([, op]) => op.gradient !== null);

test.each(rows)("%s is in the table under its own name, with cases", (name, op, cases) => {
  expect(op.name).toBe(name);
  expect(cases.length).toBeGreaterThan(0);
});

test.each(rows)("%s gives what its definition says", async (name, op, cases) => {
  for (const [on, tolerance] of [
    [cpu(), 1e-5],
    [cpu({ precision: "f64" }), 1e-12],
  ] as const) {
    for (const each of cases) {
      using scope = new Scope();
      const outputs = scope.run(() => runCase(op, each, on));
      expect(outputs.length).toBe(each.expected.length);
      for (const [i, output] of outputs.entries())
        await expectClose(output, each.expected[i]!, tolerance, describeCase(name, each));
    }
  }
});

test.each(differentiable)("%s: its rule agrees with central differences, once and twice", async (name, op, cases) => {
  const on = cpu({ precision: "f64" });
  for (const each of cases.filter(isReal)) {
    const once = weighted(op, each, on);
    const twice = gradientOf(once, on);
    const before = on.memory().tensors;
    expectNumbers(
      await ruleGradients(once),
      await centralDifferences(once),
      1e-7,
      `gradient of ${describeCase(name, each)}`,
    );
    expectNumbers(
      await ruleGradients(twice),
      await centralDifferences(twice),
      1e-6,
      `second derivative of ${describeCase(name, each)}`,
    );
    expect(on.memory().tensors).toBe(before);
    for (const held of twice.placed) held[Symbol.dispose]();
  }
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
});
