import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { none, type Composite, type None } from "../op.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { centralDifferences, gradientOf, ruleGradients, weighted } from "../testing/gradient-check.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import { floats, type Plain } from "../testing/plain.ts";
import { clamp } from "./clamp.ts";
import { concat, stack } from "./concat.ts";
import { flip } from "./flip.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { min } from "./max.ts";
import { mean, variance } from "./mean.ts";
import { permute, transpose } from "./permute.ts";
import { square } from "./pointwise.ts";
import { repeat } from "./repeat.ts";
import { sort } from "./sort.ts";
import { split } from "./split.ts";

const dice = random(71);
const x = floats([2, 3, 4], dice);

/** Functions that are no ops themselves: what they are made of must differentiate them. */
const functions: readonly [string, (x: Tensor) => Tensor, Plain][] = [
  ["clamp", (x) => clamp(x, -1, 2), x],
  ["clamp on one side", (x) => clamp(x, 0.3, Infinity), x],
  ["concat with itself", (x) => concat([x, x], 1), x],
  ["stack", (x) => stack([x, square(x)], 1), x],
  ["flip", (x) => flip(x, 1), x],
  ["flip of two axes", (x) => flip(x, [0, -1]), x],
  ["logSumExp over one axis", (x) => logSumExp(x, 1), x],
  ["logSumExp over all", (x) => logSumExp(x), x],
  ["min over one axis", (x) => min(x, -1), x],
  ["min over two", (x) => min(x, [0, 2], { keepDims: true }), x],
  ["mean over one axis", (x) => mean(x, 1), x],
  ["mean over two", (x) => mean(x, [0, 2]), x],
  ["variance over one axis", (x) => variance(x, 1), x],
  ["variance over two, corrected", (x) => variance(x, [0, 2], { correction: 1, keepDims: true }), x],
  ["permute", (x) => permute(x, [1, 2, 0]), x],
  ["transpose of two axes", (x) => transpose(x, 0, 2), x],
  ["repeat", (x) => repeat(x, 3, 1), x],
  ["repeat no times", (x) => repeat(x, 0, 1), x],
  ["sort", (x) => sort(x)[0], x],
  ["sort along another axis", (x) => sort(x, { axis: 0, descending: true })[0], x],
  ["split", (x) => split(square(x), [1, 3], 2)[1]!, x],
  ["square", square, x],
];

test.each(functions)("%s: its gradient agrees with central differences, once and twice", async (_, f, x) => {
  const on = cpu({ precision: "f64" });
  const type = scoped(() => f(place(x, on))).type;
  const op: Composite<[x: Tensor], None> = {
    kind: "composite",
    name: "test/function",
    infer: () => type,
    compose: ([x]) => f(x),
  };
  const once = weighted(op, { inputs: [x], attrs: none, expected: [{ ...type, data: [] }] }, on);
  const gradient = await ruleGradients(once);
  expectNumbers(gradient, await centralDifferences(once), 1e-7, "gradient");
  const twice = gradientOf(once, on);
  expectNumbers(await ruleGradients(twice), await centralDifferences(twice), 1e-6, "second derivative");
  expect(gradient.length).toBe(x.data.length);
});

test.each(functions)("%s of 16-bit floats keeps the dtype and is as close as they get", async (_, f, x) => {
  const on = cpu();
  const exact = await f(place(x, on)).read();
  for (const [dtype, tolerance] of [
    ["f16", 2 ** -10],
    ["bf16", 2 ** -7],
  ] as const) {
    const y = f(place({ ...x, dtype }, on));
    expect(y.dtype).toBe(dtype);
    expectNumbers(await y.read(), exact, tolerance);
  }
});
