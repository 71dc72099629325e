import { checkGradients, trace, withDropout } from "@tenon/nn";
import { cpu, gelu, mul, ones, random, relu, sum, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { FeedForward } from "./feed-forward.ts";
import { GatedMLP } from "./gated-mlp.ts";
import { MLP } from "./mlp.ts";

const double = (): Backend => cpu({ precision: "f64" });
const wave = (size: number): Float64Array => Float64Array.from({ length: size }, (_, i) => Math.sin(2 * i + 1));
const input = (on: Backend): Tensor => tensor(wave(12), [2, 2, 3], on);
const relued = (value: number): number => Math.max(0, value);
/** x Wᵀ + bias for one row, in plain loops. */
const mapped = (row: ArrayLike<number>, weight: ArrayLike<number>, bias: ArrayLike<number> | undefined): number[] => {
  const width = row.length;
  return Array.from({ length: weight.length / width }, (_, o) => {
    let total = bias?.[o] ?? 0;
    for (let i = 0; i < width; i++) total += weight[o * width + i]! * row[i]!;
    return total;
  });
};

test("MLP is down(activation(up(x)))", async () => {
  const on = double();
  const mlp = await new MLP({ width: 3, hidden: 5, activation: relu, random: random(1) }).to(on);
  mlp.up.bias!.assign(wave(5));
  mlp.down.bias!.assign(wave(3));
  const [up, down] = [await mlp.up.weight.host(), await mlp.down.weight.host()];
  const y = await mlp.forward(input(on)).read();
  for (let row = 0; row < 4; row++) {
    const hidden = mapped(wave(12).slice(3 * row, 3 * row + 3), up, wave(5)).map(relued);
    mapped(hidden, down, wave(3)).forEach((value, i) => expect(y[3 * row + i]).toBeCloseTo(value, 12));
  }
});

test("GatedMLP is down(activation(gate(x)) · up(x))", async () => {
  const on = double();
  const mlp = await new GatedMLP({ width: 3, hidden: 5, activation: relu, random: random(1) }).to(on);
  const weights = await Promise.all([mlp.gate, mlp.up, mlp.down].map(async ({ weight }) => weight.host()));
  const [gate, up, down] = weights as [Float64Array, Float64Array, Float64Array];
  const y = await mlp.forward(input(on)).read();
  for (let row = 0; row < 4; row++) {
    const x = wave(12).slice(3 * row, 3 * row + 3);
    const gates = mapped(x, gate, undefined).map(relued);
    const hidden = mapped(x, up, undefined).map((value, i) => value * gates[i]!);
    mapped(hidden, down, undefined).forEach((value, i) => expect(y[3 * row + i]).toBeCloseTo(value, 12));
  }
});

test.each<[string, FeedForward, number]>([
  ["MLP", new MLP({ width: 3, hidden: 5, random: random(1) }), 4],
  ["MLP without bias", new MLP({ width: 3, hidden: 5, bias: false, random: random(1) }), 2],
  ["GatedMLP", new GatedMLP({ width: 3, hidden: 5, random: random(1) }), 3],
  [
    "GatedMLP with bias and GELU",
    new GatedMLP({ width: 3, hidden: 5, bias: true, activation: gelu, random: random(1) }),
    6,
  ],
])("%s: every gradient agrees with central differences", async (_, part, count) => {
  expect(part.parameters().size).toBe(count);
  const on = double();
  await part.to(on);
  const [x, weight] = [input(on), tensor(wave(12).reverse(), [2, 2, 3], on)];
  await checkGradients(part, () => sum(mul(part.forward(x), weight)), { samples: 15 });
});

test("its maps begin differently, and hidden values can be tapped", async () => {
  const on = cpu();
  const mlp = await new GatedMLP({ width: 3, hidden: 5, random: random(1) }).to(on);
  expect(await mlp.gate.weight.host()).not.toEqual(await mlp.up.weight.host());
  const x = input(on);
  const before = on.memory().tensors;
  const { output, taps } = trace(mlp, ["preactivation", "hidden"], () => mlp.forward(x));
  expect(taps["hidden"]![0]!.shape).toEqual([2, 2, 5]);
  for (const [seen] of Object.values(taps)) seen![Symbol.dispose]();
  output[Symbol.dispose]();
  expect(on.memory().tensors).toBe(before);
});

test.each([
  ["MLP", MLP],
  ["GatedMLP", GatedMLP],
])("%s drops hidden values in training alone, and refuses a bad rate", async (_, Kind) => {
  const on = double();
  const part = await new Kind({ width: 2, hidden: 8, bias: false, dropout: 0.5, random: random(1) }).to(on);
  part.down.weight.assign(new Float64Array(16).fill(1)); // each result is the sum of what is left
  const x = ones([1, 1, 2], on);
  const run = (): Tensor => part.forward(x);
  const { output, taps } = trace(part, ["hidden"], run);
  const hidden = [...(await taps["hidden"]![0]!.read())];
  expect((await output.read())[0]).toBeCloseTo(
    hidden.reduce((a, b) => a + b),
    12,
  );
  const sums = await Promise.all(
    [0, 1, 2].map(async (step) => (await withDropout(part, random(1), step, run).read())[0]!),
  );
  const possible = Array.from({ length: 256 }, (_, bits) =>
    hidden.reduce((total, value, i) => total + (Math.floor(bits / 2 ** i) % 2 === 1 ? 2 * value : 0), 0),
  );
  for (const sum of sums) expect(Math.min(...possible.map((each) => Math.abs(each - sum)))).toBeLessThan(1e-12);
  expect(new Set(sums).size).toBe(3);
  expect(() => new Kind({ width: 2, hidden: 8, dropout: 1, random: random(1) })).toThrow(
    "rate must be at least 0 and below 1, got 1",
  );
});

test("bad sizes are refused", () => {
  expect(() => new MLP({ width: 3, hidden: 0, random: random(1) })).toThrow(
    "MLP: hidden must be a whole number from 1 up, got 0",
  );
  expect(() => new GatedMLP({ width: 0, hidden: 1, random: random(1) })).toThrow(
    "GatedMLP: width must be a whole number",
  );
});
