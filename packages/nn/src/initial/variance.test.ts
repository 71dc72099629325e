import { random, type Random, type Shape } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import goldens from "../../goldens/initial.json" with { type: "json" };
import { fansOf } from "./fans.ts";
import { gainOf, type GainName } from "./gain.ts";
import type { Initial } from "./initial.ts";
import { kaimingNormal, kaimingUniform } from "./kaiming.ts";
import { truncatedNormal } from "./truncated-normal.ts";
import { xavier, xavierNormal } from "./xavier.ts";

/** What `packages/nn/goldens/make.py` wrote of torch.nn.init. */
describe("as PyTorch has it", () => {
  test.each(Object.entries(goldens.gains))("the gain of %s", (name, gain) => {
    expect(gainOf(name as GainName)).toBeCloseTo(gain, 12);
  });
  test.each(goldens.leakyGains as [number, number][])("the gain of a leaky ReLU with slope %d", (slope, gain) => {
    expect(gainOf("leaky-relu", slope)).toBeCloseTo(gain, 12);
  });
  test.each(goldens.fans as [number[], [number, number]][])("the fans of a weight %j", (shape, [input, output]) => {
    expect(fansOf(shape)).toEqual({ in: input, out: output });
  });
  test("a leaky ReLU without a slope has 0.01", () => expect(gainOf("leaky-relu")).toBe(gainOf("leaky-relu", 0.01)));
});

const weight: Shape = [60, 90];
const kernel: Shape = [40, 8, 3, 3]; // fans 72 and 360
type Make = (random: Random) => Initial;
const gain = 5 / 3;
test.each<[name: string, make: Make, shape: Shape, deviation: number, bound: number]>([
  ["Xavier, uniform", xavier, weight, Math.sqrt(2 / 150), Math.sqrt(6 / 150)],
  [
    "Xavier, uniform, with a gain",
    (r) => xavier(r, { gain }),
    weight,
    gain * Math.sqrt(2 / 150),
    gain * Math.sqrt(6 / 150),
  ],
  ["Xavier, uniform, of a kernel", xavier, kernel, Math.sqrt(2 / 432), Math.sqrt(6 / 432)],
  ["Xavier, normal", xavierNormal, weight, Math.sqrt(2 / 150), Infinity],
  ["Xavier, normal, with a gain", (r) => xavierNormal(r, { gain }), kernel, gain * Math.sqrt(2 / 432), Infinity],
  ["Kaiming, normal", kaimingNormal, weight, Math.sqrt(2 / 90), Infinity],
  ["Kaiming, normal, of a kernel", kaimingNormal, kernel, Math.sqrt(2 / 72), Infinity],
  ["Kaiming, normal, by out", (r) => kaimingNormal(r, { fan: "out" }), kernel, Math.sqrt(2 / 360), Infinity],
  ["Kaiming, normal, linear", (r) => kaimingNormal(r, { gain: 1 }), weight, Math.sqrt(1 / 90), Infinity],
  ["Kaiming, uniform", kaimingUniform, weight, Math.sqrt(2 / 90), Math.sqrt(6 / 90)],
  ["Kaiming, uniform, by out", (r) => kaimingUniform(r, { fan: "out" }), weight, Math.sqrt(2 / 60), Math.sqrt(6 / 60)],
  ["truncated normal", (r) => truncatedNormal(r, 0.5), weight, 0.5 * 0.8796, 1],
  ["truncated normal, at one deviation", (r) => truncatedNormal(r, 0.5, { bound: 1 }), weight, 0.5 * 0.5396, 0.5],
])("%s: deviation and bound", (_, make, shape, deviation, bound) => {
  const values = [...make(random(4))(shape)];
  const mean = values.reduce((a, b) => a + b) / values.length;
  const square = values.reduce((total, value) => total + value ** 2, 0) / values.length;
  expect(Math.abs(mean / deviation)).toBeLessThan(0.06);
  expect(Math.abs(Math.sqrt(square) / deviation - 1)).toBeLessThan(0.04);
  const largest = Math.max(...values.map(Math.abs));
  expect(largest).toBeLessThanOrEqual(bound * (1 + 1e-6));
  expect(largest).toBeGreaterThan(bound === Infinity ? 3 * deviation : 0.98 * bound);
  expect([...make(random(4))(shape)]).toEqual(values);
});

test("bad arguments are refused", () => {
  const stream = random(1);
  expect(() => xavier(stream, { gain: 0 })).toThrow("xavier: gain must be a finite number above 0, got 0");
  expect(() => xavierNormal(stream, { gain: -1 })).toThrow("xavierNormal: gain must be a finite number above 0");
  expect(() => kaimingNormal(stream, { gain: NaN })).toThrow("kaimingNormal: gain must be a finite number above 0");
  expect(() => kaimingUniform(stream, { fan: "fan_in" as "in" })).toThrow(
    'kaimingUniform: fan must be "in" or "out", got "fan_in"',
  );
  expect(() => kaimingNormal(stream)([3])).toThrow(
    "kaimingNormal: a weight must have at least two axes, [out, in, …], got the shape [3]",
  );
  expect(() => truncatedNormal(stream, 0)).toThrow("truncatedNormal: deviation must be a finite number above 0");
  expect(() => truncatedNormal(stream, 1, { bound: 0 })).toThrow("truncatedNormal: bound must be a finite number");
  expect(() => gainOf("gelu" as GainName)).toThrow(
    'gainOf: there is no gain for "gelu"; choose from linear, sigmoid, tanh, relu, selu, leaky-relu, or pass a number as the gain',
  );
  expect(() => gainOf("tanh", 1)).toThrow("gainOf: only leaky-relu has a slope, got 1 for tanh");
  expect(() => gainOf("leaky-relu", Infinity)).toThrow("gainOf: the slope must be a finite number, got Infinity");
});
