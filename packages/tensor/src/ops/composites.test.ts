import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import type { Op } from "../op.ts";
import { Scope } from "../scope.ts";
import { compositeCases } from "../testing/composite-cases.ts";
import { centralDifferences, gradientOf, isReal, ruleGradients, weighted } from "../testing/gradient-check.ts";
import { describeCase, expectClose, expectNumbers, runCase, type OpCase } from "../testing/op-case.ts";
import * as composites from "./composites.ts";

const table: { readonly [name: string]: readonly OpCase[] } = compositeCases;
const rows = Object.entries<Op>(composites).map(([name, op]): [string, Op, readonly OpCase[]] => [
  name,
  op,
  table[name] ?? [],
]);
const differentiable = rows.filter(([, op]) => op.gradient !== null);
const ruled = rows.filter(([, op]) => typeof op.gradient === "function");

test.each(rows)("%s is in the table under its own name, with cases and a composition", (name, op, cases) => {
  expect(op.name).toBe(name);
  expect("compose" in op).toBe(true);
  expect(cases.length).toBeGreaterThan(0);
});

test.each(rows)("%s gives what its definition says, fused and composed", async (name, op, cases) => {
  for (const fused of [true, false]) {
    for (const [precision, tolerance] of [
      ["f32", 1e-5],
      ["f64", 1e-12],
    ] as const) {
      const on = cpu({ precision, fused });
      for (const each of cases) {
        using scope = new Scope();
        const outputs = scope.run(() => runCase(op, each, on));
        expect(outputs.length).toBe(each.expected.length);
        for (const [i, output] of outputs.entries())
          await expectClose(output, each.expected[i]!, tolerance, describeCase(name, each));
      }
    }
  }
});

test.each(differentiable)(
  "%s: its gradient agrees with central differences, once and twice",
  async (name, op, cases) => {
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
  },
);

test.each(ruled)(
  "%s: its rule agrees with differentiating its composition, once and twice",
  async (name, op, cases) => {
    const composed = { ...op, gradient: undefined } as unknown as Op;
    const on = cpu({ precision: "f64" });
    for (const each of cases.filter(isReal)) {
      const [rule, composition] = [weighted(op, each, on), weighted(composed, each, on)];
      expectNumbers(await ruleGradients(rule), await ruleGradients(composition), 1e-10, describeCase(name, each));
      expectNumbers(
        await ruleGradients(gradientOf(rule, on)),
        await ruleGradients(gradientOf(composition, on)),
        1e-10,
        describeCase(name, each),
      );
    }
  },
);
