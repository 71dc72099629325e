import { expect, test } from "vitest";
import { hasRelaxedSimd, i32, v128, type Value } from "@tenon/wasm-assembler";

import { Engine } from "../engine.ts";
import { kernel, type KernelFunc } from "../kernel.ts";
import { erf, exp, log, log1p, maxLanes, sigmoid, sumLanes, tanh } from "./math.ts";

/** erf to double precision, by the series whose terms have one sign (Abramowitz and Stegun 7.1.6). */
function exactErf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; n < 200; n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

type Code = (f: KernelFunc, x: Value<"v128">) => Value<"v128">;
const functions: Record<string, readonly [code: Code, exact: (x: number) => number]> = {
  exp: [exp, Math.exp],
  log: [log, Math.log],
  log1p: [log1p, Math.log1p],
  tanh: [tanh, Math.tanh],
  erf: [erf, exactErf],
  sigmoid: [sigmoid, (x) => 1 / (1 + Math.exp(-x))],
};
const edges = [
  0,
  -0,
  1,
  -1,
  Infinity,
  -Infinity,
  NaN,
  88.7,
  88.8,
  200,
  -87,
  -88,
  -104,
  -1e30,
  1e30,
  1e-30,
  -1e-30,
  1e-40,
  3.4e38,
  -0.999999,
  0.625,
  0.5,
  1e-8,
];
const samples = Float32Array.from([
  ...edges,
  ...Array.from({ length: 20_001 }, (_, i) => (i - 10_000) / 1000),
  ...Array.from({ length: 2000 }, (_, i) => 10 ** ((i - 1000) / 30)),
]);
const padded = Math.ceil(samples.length / 4) * 4;

for (const relaxed of hasRelaxedSimd() ? [false, true] : [false]) {
  test.each(Object.entries(functions))(`%s, relaxed ${relaxed}`, async (_, [code, exact]) => {
    const map = kernel("map", { x: "i32", y: "i32" }, (f, { x, y }, { from, to }) => {
      const i = f.local("i32");
      f.for(i, from, to, 1, () => {
        const at = f.let(i32.shl(i, 4));
        f.store("v128", i32.add(y, at), code(f, v128.load(i32.add(x, at))));
      });
    });
    const engine = await Engine.start({ threads: 1, relaxed, kernels: [map] });
    const [x, y] = [engine.memory.allocate(4 * padded).at, engine.memory.allocate(4 * padded).at];
    engine.memory.f32.set(samples, x / 4);
    engine.run(map, { x, y }, padded / 4);
    for (const [i, value] of samples.entries()) {
      const wanted = Math.fround(exact(value));
      const found = engine.memory.f32[y / 4 + i]!;
      // Numbers below the normal ones may be 0. All are good to a few units in the last place.
      const close = Math.abs(found - wanted) <= 4e-7 * Math.abs(wanted) + 2.4e-38;
      if (!Object.is(found, wanted) && !(found === wanted) && !close)
        throw new Error(`of ${value}: ${found}, expected ${wanted}`);
    }
  });
}

test("the sum and the largest of four lanes", async () => {
  const fold = kernel("fold", { x: "i32", y: "i32" }, (f, { x, y }) => {
    f.store("f32", y, sumLanes(f, v128.load(x)));
    f.store("f32", y, maxLanes(f, v128.load(x)), 4);
  });
  const engine = await Engine.start({ threads: 1, relaxed: false, kernels: [fold] });
  const { at } = engine.memory.allocate(64);
  for (const lanes of [
    [1, 2, 4, 8],
    [-3, -1, -2, -9],
    [5, NaN, 1, 2],
    [Infinity, 1, 2, 3],
  ]) {
    engine.memory.f32.set(lanes, at / 4);
    engine.run(fold, { x: at, y: at + 32 }, 1);
    const [sum, max] = engine.memory.f32.subarray(at / 4 + 8);
    expect([sum, max]).toEqual([lanes.reduce((a, b) => a + b), Math.max(...lanes)]);
  }
});
