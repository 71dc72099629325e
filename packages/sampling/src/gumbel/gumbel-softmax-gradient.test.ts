import {
  add,
  apply,
  cast,
  cpu,
  differentiate,
  dryRun,
  mul,
  random,
  type Shape,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  Variable,
} from "@tenon/tensor";
import {
  centralDifferences,
  expectNumbers,
  gradientOf,
  type OpCase,
  plain,
  ruleGradients,
  weighted,
  type Weighted,
} from "@tenon/tensor/testing";
import { expect, test } from "vitest";
import golden from "../../goldens/gumbel-softmax.json" with { type: "json" };
import { gumbelNoise } from "./gumbel-noise.ts";
import { gumbelSoftmax } from "./gumbel-softmax.ts";
import { gumbelSoftmaxOp, straightThroughGumbelSoftmaxOp } from "./gumbel-softmax-op.ts";

const { key } = random(71);
const backends = { cpu: () => cpu(), "cpu without fused kernels": () => cpu({ fused: false }) };

/** A call with attributes of its own, in the form of tensor's tests. */
const callOf = (shape: Shape, axis: number, temperature: number): OpCase => ({
  inputs: [plain(shape, (index) => Math.sin(index.reduce((sum, i) => 3 * sum + i, 1)))],
  attrs: { axis, temperature, key, counter: 5 },
  expected: [plain(shape, () => 0)],
});
const calls = [callOf([2, 5], 1, 1), callOf([2, 3, 4], 1, 0.5), callOf([3, 2], 0, 2), callOf([4], 0, 0.3)];
const { gradient: _, ...composition } = gumbelSoftmaxOp;
const composedOp: typeof gumbelSoftmaxOp = composition;

type Order = (from: Weighted, on: ReturnType<typeof cpu>) => Weighted;
const orders: Record<string, Order> = { gradient: (from) => from, "second derivative": gradientOf };

test.each(Object.entries(orders))(
  "the %s by the rule is that of the composition, and that of central differences",
  async (_, order) => {
    for (const call of calls) {
      const double = cpu({ precision: "f64" });
      const rule = await ruleGradients(order(weighted(gumbelSoftmaxOp, call, double), double));
      expect(Math.max(...rule.map(Math.abs))).toBeGreaterThan(1e-2);
      const composed = await ruleGradients(order(weighted(composedOp, call, double), double));
      expectNumbers(rule, composed, 1e-6, "against the composition", 1);
      const differences = await centralDifferences(order(weighted(gumbelSoftmaxOp, call, double), double));
      expectNumbers(rule, differences, 1e-5, "against differences", 1);
    }
  },
);

test.each(Object.entries(orders))("the %s of the hard form is that of the soft one", async (_, order) => {
  for (const call of calls) {
    const on = cpu();
    const hard = await ruleGradients(order(weighted(straightThroughGumbelSoftmaxOp, call, on), on));
    const soft = await ruleGradients(order(weighted(gumbelSoftmaxOp, call, on), on));
    expect(hard).toEqual(soft);
  }
});

// Its own noise is taken off the logits and PyTorch's put on, which leaves the result and its gradient as with PyTorch's noise.
test.each(Object.entries(backends).flatMap(([name, make]) => golden.cases.map((each) => ({ name, make, ...each }))))(
  "PyTorch's values and gradients on $name: $shape, axis $axis, τ = $temperature",
  async ({ make, shape, axis, temperature, logits, upstream, noise, ...expected }) => {
    const on = make();
    const place = (data: readonly number[]): Tensor => tensor(data, shape, on);
    const z = Variable.holding(add(place(logits), sub(place(noise), gumbelNoise(shape, key, 9, on))));
    for (const form of ["soft", "hard"] as const) {
      const draw = (): Tensor => gumbelSoftmax(z.value, { temperature, key, counter: 9, axis, hard: form === "hard" });
      expectNumbers(await draw().read(), expected[form], form === "hard" ? 0 : 1e-5, form, 1);
      const { gradients } = differentiate([z], () => sum(mul(draw(), place(upstream))));
      expectNumbers(await gradients[0]!.read(), expected[`${form}Gradient`], 1e-5, `${form} gradient`, 1 / temperature);
    }
  },
);

test.each(["f16", "bf16"] as const)("%s: the gradient is that of f32 to the last digits of a half", async (dtype) => {
  const on = cpu();
  const data = Array.from({ length: 12 }, (_, i) => Math.round(32 * Math.sin(i)) / 16);
  const gradient = async (as: "f32" | "f16" | "bf16", hard: boolean): Promise<ArrayLike<number>> => {
    const z = Variable.holding(tensor(data, [3, 4], on, as));
    const weights = tensor(data.toReversed(), [3, 4], on, as);
    const { gradients } = differentiate([z], () =>
      sum(mul(gumbelSoftmax(z.value, { temperature: 0.5, key, counter: 0, hard }), weights)),
    );
    return gradients[0]!.read();
  };
  for (const hard of [false, true]) {
    expectNumbers(await gradient(dtype, hard), await gradient("f32", hard), dtype === "f16" ? 2e-3 : 2e-2, dtype, 1);
  }
});

// A decorator may see the composition itself, where no backend has widened the halves.
test.each(["f16", "bf16"] as const)("%s: composed under a decorator, it is still computed in f32", async (dtype) => {
  const z = Variable.holding(
    tensor(
      Array.from({ length: 60 }, (_, i) => Math.round(32 * Math.sin(i)) / 16),
      [12, 5],
      cpu(),
      dtype,
    ),
  );
  const attrs = { axis: 1, temperature: 0.5, key, counter: 0 };
  const { value } = differentiate([z], () => {
    const both = [composedOp, gumbelSoftmaxOp].map((op) => apply(op, [z.value], attrs));
    return sum(square(cast(sub(both[0]!, both[1]!), "f32")));
  });
  expect((await value.read())[0]).toBe(0);
});

test("a class at −∞ and a row that is all but one-hot get a gradient that is finite", async () => {
  const on = cpu();
  const z = Variable.holding(tensor([-Infinity, 0, 1, 0, 90, 0], [2, 3], on));
  for (const hard of [false, true]) {
    const { gradients } = differentiate([z], () =>
      sum(mul(gumbelSoftmax(z.value, { temperature: 1e-3, key, counter: 0, hard }), tensor([1, 2, 3], [3], on))),
    );
    const found = await gradients[0]!.read();
    expect(found.every(Number.isFinite)).toBe(true);
    expect(found[0]).toBeCloseTo(0, 30);
  }
});

test("it runs where nothing is computed, and names itself as another package's op does", () => {
  const on = dryRun({ like: cpu() });
  const z = tensor([0, 1], [1, 2], on);
  for (const op of [gumbelSoftmaxOp, straightThroughGumbelSoftmaxOp]) {
    expect(op.name).toMatch(/^tenon\//);
    expect(apply(op, [z], { axis: 1, temperature: 1, key, counter: 0 }).shape).toEqual([1, 2]);
  }
});

test("forward and backward leave nothing behind", () => {
  const on = cpu();
  const z = Variable.holding(tensor([0, 1, 2], [3], on));
  const before = on.memory().tensors;
  for (const hard of [false, true]) {
    const { value, gradients } = differentiate([z], () =>
      sum(gumbelSoftmax(z.value, { temperature: 1, key, counter: 0, hard })),
    );
    for (const each of [value, ...gradients]) each![Symbol.dispose]();
  }
  expect(on.memory().tensors).toBe(before);
});
