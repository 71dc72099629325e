import {
  add,
  cpu,
  differentiate,
  div,
  mean,
  mul,
  random,
  sub,
  sum,
  tanh,
  tensor,
  Variable,
  type Backend,
  type Tensor,
} from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { checkGradients } from "./check-gradients.ts";
import { GroupNorm } from "./group-norm.ts";
import { normal } from "./initial/initial.ts";
import { LayerNorm } from "./layer-norm.ts";
import type { Module } from "./module.ts";
import { patch } from "./patch.ts";
import { RMSNorm } from "./rms-norm.ts";
import { ScaleNorm } from "./scale-norm.ts";
import { isSumNorm, type SumNorm } from "./sum-norm.ts";
import { trace } from "./trace.ts";

const double = (): Backend => cpu({ precision: "f64" });
const rows = floats([3, 4], random(1));
const others = floats([3, 4], random(2));
const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 12): void => {
  expect(actual).toHaveLength(expected.length);
  Array.from(expected, (value, i) => expect(actual[i]).toBeCloseTo(value, digits));
};
/** Weights that are neither 0 nor 1. */
function drawn<P extends Module<[x: Tensor], Tensor>>(norm: P): P {
  for (const [path, parameter] of norm.parameters())
    parameter.assign(normal(random(3).fork(path), 1)(parameter.type.shape));
  return norm;
}
const sumNorms: [name: string, make: () => SumNorm][] = [
  ["LayerNorm", () => new LayerNorm(4)],
  ["LayerNorm without a bias", () => new LayerNorm(4, { bias: false, epsilon: 0.3 })],
  ["RMSNorm", () => new RMSNorm(4, { epsilon: 0.3 })],
  ["RMSNorm with a unit offset", () => new RMSNorm(4, { unitOffset: true })],
];
const norms: [name: string, make: () => Module<[x: Tensor], Tensor>][] = [
  ...sumNorms,
  ["ScaleNorm", () => new ScaleNorm(4)],
];

describe.each(norms)("the tap scale of %s", (_, make) => {
  test("is […, 1], and the step by step result that comes with it is the fused one", async () => {
    const on = double();
    const norm = await drawn(make()).to(on);
    const x = place(rows, on);
    const fused = await norm.forward(x).read();
    const { output, taps } = trace(norm, ["scale"], () => norm.forward(x));
    expect(taps["scale"]![0]!.shape).toEqual([3, 1]);
    near(await output.read(), fused);
  });

  test("frozen at another input's, the norm is affine in x", async () => {
    const on = double();
    const norm = await drawn(make()).to(on);
    const [x, y] = [place(rows, on), place(others, on)];
    const scale = trace(norm, ["scale"], () => norm.forward(x)).taps["scale"]![0]!;
    const frozen = (input: Tensor): Tensor => patch(norm, { scale: () => scale }, () => norm.forward(input));
    const middle = await frozen(div(add(x, y), 2)).read();
    near(middle, await div(add(frozen(x), frozen(y)), 2).read());
    near(await frozen(x).read(), await norm.forward(x).read());
    const unfrozen = await norm.forward(div(add(x, y), 2)).read();
    expect(Math.max(...Array.from(unfrozen, (value, i) => Math.abs(value - middle[i]!)))).toBeGreaterThan(0.01);
  });

  test("has the same gradients", async () => {
    const on = double();
    const norm = await drawn(make()).to(on);
    const x = place(rows, on);
    const loss = (): Tensor => sum(tanh(norm.forward(x)));
    await checkGradients(norm, () => patch(norm, { scale: (scale) => scale }, loss));
  });

  test("refuses what the fused path refuses", async () => {
    const on = cpu();
    const norm = await make().to(on);
    const column = tensor([1, 2], [2, 1], on);
    expect(() => trace(norm, ["scale"], () => norm.forward(column))).toThrow("must end with 4, got [2, 1]");
  });
});

describe.each(sumNorms)("%s that is given a residual", (_, make) => {
  test("shows the scale of the sum, and refuses a residual of another shape", async () => {
    const on = double();
    const norm = await drawn(make()).to(on);
    expect(isSumNorm(norm)).toBe(true);
    const [x, residual] = [place(rows, on), place(others, on)];
    const run = (...input: [x: Tensor, residual?: Tensor]) => trace(norm, ["scale"], () => norm.forward(...input));
    const [apart, together] = [run(x, residual), run(add(x, residual))];
    near(await apart.output.read(), await together.output.read());
    near(await apart.output.read(), await norm.forward(x, residual).read());
    near(await apart.taps["scale"]![0]!.read(), await together.taps["scale"]![0]!.read());
    expect(() => run(x, tensor([1, 2, 3, 4], [4], on))).toThrow("the residual must be [3, 4], the shape of x, got [4]");
  });
});

test("the scales follow their formulas", async () => {
  const on = double();
  const x = tensor([1, 2, 4, 9], [1, 4], on);
  const scaleOf = async (norm: Module<[x: Tensor], Tensor>): Promise<number> => {
    await norm.to(on);
    return (await trace(norm, ["scale"], () => norm.forward(x)).taps["scale"]![0]!.read())[0]!;
  };
  expect(await scaleOf(new LayerNorm(4, { epsilon: 0.5 }))).toBeCloseTo(1 / Math.sqrt(38 / 4 + 0.5), 14);
  expect(await scaleOf(new RMSNorm(4, { epsilon: 0.5 }))).toBeCloseTo(1 / Math.sqrt(102 / 4 + 0.5), 14);
  expect(await scaleOf(new ScaleNorm(4))).toBeCloseTo(1 / Math.sqrt(102), 14);
  expect(await scaleOf(new ScaleNorm(4, { epsilon: 50 }))).toBeCloseTo(1 / 50, 14);
  expect(await scaleOf(new GroupNorm({ channels: 4, groups: 2, epsilon: 0.5 }))).toBeCloseTo(1 / Math.sqrt(0.75), 14);
});

test("a unit offset begins as the plain norm does, with its weight at 0", async () => {
  const on = cpu();
  const x = place(rows, on);
  const [plain, offset] = [await new RMSNorm(4).to(on), await new RMSNorm(4, { unitOffset: true }).to(on)];
  expect(await offset.weight.host()).toEqual(new Float32Array(4));
  expect(await offset.forward(x).read()).toEqual(await plain.forward(x).read());
});

test("ScaleNorm: each row begins with the length √d, whatever it was; a row of zeros stays, with a finite gradient", async () => {
  const on = double();
  const norm = await new ScaleNorm(4).to(on);
  const y = await norm.forward(place(rows, on)).read();
  for (const row of [0, 1, 2]) expect(Math.hypot(...y.slice(4 * row, 4 * row + 4))).toBeCloseTo(2, 6);
  const x = Variable.holding(tensor([0, 0, 0, 0], [1, 4], on));
  expect(await norm.forward(x.value).read()).toEqual(new Float64Array(4));
  const { gradients } = differentiate([x], () => sum(norm.forward(x.value)));
  near(await gradients[0]!.read(), [2e5, 2e5, 2e5, 2e5], 6);
});

test("GroupNorm: each group of a row has mean 0 and variance 1, and no row depends on another", async () => {
  const on = double();
  const norm = await new GroupNorm({ channels: 4, groups: 2, epsilon: 1e-12 }).to(on);
  const x = place(floats([2, 4, 3], random(5)), on);
  const y = norm.forward(x);
  const values = await y.read();
  for (const start of [0, 6, 12, 18]) {
    const group = [...values.slice(start, start + 6)];
    expect(group.reduce((a, b) => a + b)).toBeCloseTo(0, 10);
    expect(group.reduce((a, b) => a + b * b, 0) / 6).toBeCloseTo(1, 8);
  }
  const alone = norm.forward(place({ dtype: "f32", shape: [1, 4, 3], data: [...(await x.read())].slice(12) }, on));
  near(await alone.read(), values.slice(12));
  near(await mean(sub(norm.forward(mul(x, 3)), y)).read(), [0], 8);
});

test.each([
  [() => new ScaleNorm(0), "ScaleNorm: width must be a whole number from 1 up, got 0"],
  [() => new ScaleNorm(4, { epsilon: 0 }), "ScaleNorm: epsilon must be a finite number above 0, got 0"],
  [() => new GroupNorm({ channels: 6, groups: 4 }), "GroupNorm: 4 groups cannot share 6 channels evenly"],
  [() => new GroupNorm({ channels: 6, groups: 0 }), "GroupNorm: groups must be a whole number from 1 up, got 0"],
  [() => new GroupNorm({ channels: 0, groups: 1 }), "GroupNorm: channels must be a whole number from 1 up, got 0"],
  [() => new GroupNorm({ channels: 2, groups: 1, epsilon: -1 }), "GroupNorm: epsilon must be a finite number above 0"],
])("bad options are refused by name %#", (make, message) => {
  expect(make).toThrow(message);
});

test("GroupNorm refuses other channels", async () => {
  const on = cpu();
  const norm = await new GroupNorm({ channels: 3, groups: 1 }).to(on);
  expect(() => norm.forward(tensor([1, 2], [1, 2], on))).toThrow("GroupNorm: x must be [b, 3, …], got [1, 2]");
  expect(() => norm.forward(tensor([1, 2, 3], [3], on))).toThrow("GroupNorm: x must be [b, 3, …], got [3]");
});
