import { ablate, checkGradients, Parameter, Part, trace, patch, valueAndGrad } from "@tenon/nn";
import {
  cpu,
  matmul,
  mul,
  permute,
  random,
  relu,
  reshape,
  scatterAlong,
  silu,
  sizeOf,
  sum,
  tensor,
  zeros,
  type Tensor,
} from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { GatedExperts } from "./gated-experts.ts";
import { TopKRouter } from "./top-k-router.ts";
import type { Routed } from "./router.ts";

const on = cpu({ precision: "f64" });
const width = 4;

/** Every expert for every token, those not chosen with the weight 0: x [n, d] → [n, d]. */
function dense(experts: GatedExperts, x: Tensor, { chosen, weights }: Routed): Tensor {
  const [count, hidden] = experts.gate.type.shape as [number, number];
  const n = sizeOf(x.shape.slice(0, -1));
  const k = chosen.shape.at(-1)!;
  const rows = reshape(x, [n, width]);
  const all = ({ value }: Parameter): Tensor =>
    matmul(rows, reshape(value, [count * hidden, width]), { transposeB: true });
  const inner = reshape(mul(experts.activation(all(experts.gate)), all(experts.up)), [n, count, hidden]);
  const each = matmul(permute(inner, [1, 0, 2]), experts.down.value, { transposeB: true });
  const by = scatterAlong(reshape(chosen, [n, k]), reshape(weights, [n, k]), count);
  return reshape(sum(mul(each, reshape(permute(by, [1, 0]), [count, n, 1])), 0), x.shape);
}

class Both extends Part {
  readonly router: TopKRouter;
  readonly experts: GatedExperts;
  constructor(count: number, k: number, softmax: "selected" | "all", activation = silu) {
    super();
    this.router = new TopKRouter({ width, experts: count, expertsPerToken: k, softmax, random: random(1) });
    this.experts = new GatedExperts({ count, width, hidden: 3, activation, random: random(2) });
  }
}

describe.each([
  [[1, 1], 8, 2],
  [[2, 3], 4, 1],
  [[3, 5], 3, 3],
  [[1, 7], 1, 1],
  [[2, 40], 4, 2],
  [[1, 90], 6, 3],
] as const)("x [%s] over %i experts, %i for each token", (tokens, count, k) => {
  test.each(["as it comes", "all to the same"])("is the sum over all experts by weight, routed %s", async (how) => {
    const model = await new Both(count, k, "all").to(on);
    if (how === "all to the same") model.router.weight.assign(new Float64Array(count * width));
    const x = place(floats([...tokens, width], random(3)), on);
    const upstream = place(floats([...tokens, width], random(4)), on);
    const run = (compute: (routed: Routed) => Tensor): ReturnType<typeof valueAndGrad> & { y: Tensor } => ({
      y: compute(model.router.forward(x)),
      ...valueAndGrad(model, () => sum(mul(compute(model.router.forward(x)), upstream))),
    });
    const sparse = run((routed) => model.experts.forward(x, routed));
    const expected = run((routed) => dense(model.experts, x, routed));
    expectNumbers(await sparse.y.read(), await expected.y.read(), 1e-12, "the output");
    expect(sparse.gradients.size).toBe(4);
    for (const [parameter, gradient] of sparse.gradients) {
      const other = await expected.gradients.get(parameter)!.read();
      expectNumbers(await gradient.read(), other, 1e-11, "a gradient");
    }
  });
});

test("its gradients agree with central differences, the router's and the input's included", async () => {
  const model = await new Both(3, 2, "selected", relu).to(on);
  const input = new Parameter([2, 6, width], () => new Float32Array(48).map((_, i) => Math.sin(3 * i)));
  const all = new (class extends Part {
    readonly model = model;
    readonly input = input;
  })();
  await all.to(on);
  const upstream = place(floats([2, 6, width], random(4)), on);
  await checkGradients(all, () =>
    sum(mul(model.experts.forward(input.value, model.router.forward(input.value)), upstream)),
  );
});

test("hidden values are seen by token and expert, and can be changed", async () => {
  const model = await new Both(3, 2, "selected").to(on);
  const x = place(floats([2, 9, width], random(3)), on);
  const routed = model.router.forward(x);
  const run = (): Tensor => model.experts.forward(x, routed);
  const before = on.memory().tensors; // what other tests have left may vanish meanwhile
  const plain = run();
  const { output, taps } = trace(model.experts, ["preactivation", "hidden"], run);
  const [hidden, preactivation] = [taps["hidden"]![0]!, taps["preactivation"]![0]!];
  expect([hidden.shape, preactivation.shape]).toEqual([
    [2, 9, 2, 3],
    [2, 9, 2, 3],
  ]);
  expectNumbers(await output.read(), await plain.read(), 1e-12, "the output that is traced");
  // The last token's second expert, by hand.
  const expert = (await routed.chosen.read())[2 * 9 * 2 - 1]!;
  const row = [...(await x.read())].slice(-width);
  const dot = (weights: ArrayLike<number>, at: number): number =>
    row.reduce((total, value, i) => total + value * weights[at + i]!, 0);
  const [gate, up] = [await model.experts.gate.host(), await model.experts.up.host()];
  const last = (await hidden.read()).slice(-3);
  const lastGate = (await preactivation.read()).slice(-3);
  for (let o = 0; o < 3; o++) {
    const at = (expert * 3 + o) * width;
    const g = dot(gate, at);
    expect(lastGate[o]).toBeCloseTo(g, 10);
    expect(last[o]).toBeCloseTo((g / (1 + Math.exp(-g))) * dot(up, at), 10);
  }
  const doubled = patch(model.experts, { hidden: (h) => mul(h, 2) }, run);
  expectNumbers(
    await doubled.read(),
    (await plain.read()).map((y) => 2 * y),
    1e-12,
    "the output of twice as much",
  );
  const silenced = patch(model.experts, { preactivation: ablate() }, run); // silu(0) = 0
  expectNumbers(await silenced.read(), new Float64Array(2 * 9 * width), 1e-12, "the output of closed gates");
  for (const each of [plain, output, hidden, preactivation, doubled, silenced]) each[Symbol.dispose]();
  expect(on.memory().tensors).toBeLessThanOrEqual(before);
});

test("each expert begins as it would alone, and no two alike", async () => {
  const { experts } = new Both(3, 1, "all");
  const gate = await experts.gate.host();
  expect(gate.slice(0, 12)).not.toEqual(gate.slice(12, 24));
  const bound = Math.sqrt(6 / (3 + width));
  expect(Math.max(...gate.map(Math.abs))).toBeLessThanOrEqual(bound);
  expect(Math.max(...gate.map(Math.abs))).toBeGreaterThan(0.8 * bound);
});

test("bad sizes and shapes are refused", async () => {
  expect(() => new GatedExperts({ count: 0, width, hidden: 1, random: random(1) })).toThrow(
    "GatedExperts: count must be a whole number from 1 up, got 0",
  );
  expect(() => new GatedExperts({ count: 1, width: 1.5, hidden: 1, random: random(1) })).toThrow(
    "GatedExperts: width must be",
  );
  expect(() => new GatedExperts({ count: 1, width, hidden: -1, random: random(1) })).toThrow(
    "GatedExperts: hidden must be",
  );
  const model = await new Both(3, 2, "selected").to(on);
  const routed = model.router.forward(zeros([1, 2, width], on));
  expect(() => model.experts.forward(zeros([1, 2, 5], on), routed)).toThrow(
    "GatedExperts: x must be [b, t, 4] and the chosen experts [b, t, k], got [1, 2, 5] and [1, 2, 2]",
  );
  expect(() => model.experts.forward(zeros([1, 3, width], on), routed)).toThrow("got [1, 3, 4] and [1, 2, 2]");
});

test("what one token is does not change another's result", async () => {
  const model = await new Both(4, 2, "selected").to(on);
  const values = [...floats([1, 12, width], random(3)).data];
  const y = async (data: number[]): Promise<number[]> => {
    const x = tensor(data, [1, 12, width], on);
    return [...(await model.experts.forward(x, model.router.forward(x)).read())];
  };
  const changed = values.map((value, i) => (i < width ? -3 * value : value));
  expect((await y(changed)).slice(width)).toEqual((await y(values)).slice(width));
});
