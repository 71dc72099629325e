import { Parameter, Part } from "@tenon/nn";
import { type Backend, cpu, random, scoped, type Tensor, tensor } from "@tenon/tensor";
import { promiseBackend } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { Adafactor } from "./adafactor.ts";
import { Adam } from "./adam.ts";
import { AdamW } from "./adamw.ts";
import { Lion } from "./lion.ts";
import { Muon } from "./muon.ts";
import type { Optimiser } from "./optimiser.ts";
import type { ParameterGroup } from "./parameter-group.ts";
import { RuleOptimiser } from "./rule-optimiser.ts";
import { Sgd } from "./sgd.ts";

class Three extends Part {
  readonly weight: Parameter = new Parameter([2, 3], () => Float32Array.of(1, -2, 0.5, 3, -0.25, 0.75));
  readonly bias: Parameter = new Parameter([3], () => Float32Array.of(0.25, -0.75, 1));
  readonly scale: Parameter = new Parameter([], () => Float32Array.of(2));
}
interface Common {
  readonly decay?: number;
  readonly groups?: readonly ParameterGroup[];
}
const hidden = (path: string): boolean => path === "weight";
const makers: readonly (readonly [string, (model: Part, options?: Common) => Optimiser, readonly string[]])[] = [
  ["Sgd", (model, options) => new Sgd(model, options), []],
  [
    "Sgd with momentum",
    (model, options) => new Sgd(model, { momentum: 0.9, nesterov: true, ...options }),
    ["velocity"],
  ],
  ["Adam", (model, options) => new Adam(model, { decay: 0.1, ...options }), ["mean", "square"]],
  ["AdamW", (model, options) => new AdamW(model, options), ["mean", "square"]],
  ["Adafactor", (model, options) => new Adafactor(model, { decay: 0.1, ...options }), ["rows", "columns"]],
  ["Lion", (model, options) => new Lion(model, options), ["mean"]],
  ["Muon", (model, options) => new Muon(model, { hidden, ...options }), ["mean"]],
];
const numbers = random(6);
const drawn = Array.from({ length: 6 }, () => ({
  weight: Float32Array.from({ length: 6 }, () => numbers.normal()),
  bias: Float32Array.from({ length: 3 }, () => numbers.normal()),
}));

/** Steps on fixed gradients for weight and bias; the scale has none. */
function walk(model: Three, optimiser: Optimiser, on: Backend, from: number, to: number): void {
  for (const { weight, bias } of drawn.slice(from, to)) {
    scoped(() => {
      const gradients = new Map<Parameter, Tensor>([
        [model.weight, tensor(weight, [2, 3], on)],
        [model.bias, tensor(bias, [3], on)],
      ]);
      optimiser.step(gradients, 0.05);
    });
  }
}
const valuesOf = async (model: Part): Promise<number[]> =>
  (await Promise.all([...model.parameters().values()].map((parameter) => parameter.host()))).flatMap((x) => [...x]);

test.each(makers)("%s goes on from its state to the last bit, and gives all memory back", async (_, make, names) => {
  const on = cpu();
  const model = await new Three().to(on);
  const optimiser = make(model);
  walk(model, optimiser, on, 0, 3);
  const tensors = on.memory();
  const state = await optimiser.state();
  expect([...state.keys()].filter((name) => name.startsWith("weight."))).toEqual(
    [...names, "steps"].map((name) => `weight.${name}`),
  );
  expect([...state.keys()].filter((name) => name.startsWith("scale."))).toEqual(["scale.steps"]);

  const copy = await new Three().to(on);
  for (const [path, parameter] of model.parameters())
    copy
      .parameters()
      .get(path)!
      .assign(await parameter.host());
  const resumed = make(copy);
  resumed.load(state);
  expect(await resumed.state()).toEqual(state);
  walk(model, optimiser, on, 3, 6);
  walk(copy, resumed, on, 3, 6);
  expect(await valuesOf(copy)).toEqual(await valuesOf(model));
  expect(await resumed.state()).toEqual(await optimiser.state());

  for (const each of [resumed, copy]) each[Symbol.dispose]();
  expect(on.memory()).toEqual(tensors); // no step left anything behind
  for (const each of [optimiser, model]) each[Symbol.dispose]();
  expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
});

test.each(makers)("%s is the same on kernels that return promises, and composed", async (_, make) => {
  const results: number[][] = [];
  for (const on of [cpu(), cpu({ fused: false }), promiseBackend(random(5))]) {
    const model = await new Three().to(on);
    const optimiser = make(model);
    walk(model, optimiser, on, 0, 4);
    results.push(await valuesOf(model));
    for (const each of [optimiser, model]) each[Symbol.dispose]();
    expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
  }
  for (const other of results.slice(1)) other.forEach((x, i) => expect(x).toBeCloseTo(results[0]![i]!, 5));
});

test.each(makers)("%s goes down a bowl, and honours a group's factor and decay", async (_, make) => {
  const on = cpu();
  const model = await new Three().to(on);
  const still = { matches: (path: string): boolean => path === "bias", rateFactor: 0 };
  const optimiser = make(model, { decay: 0, groups: [still] });
  const before = await valuesOf(model);
  const energy = (values: readonly number[]): number => values.slice(0, 6).reduce((sum, x) => sum + x * x, 0);
  for (let step = 0; step < 40; step++) {
    const gradients = [...model.parameters().values()].map((parameter) => [parameter, parameter.value] as const);
    optimiser.step(new Map(gradients), 0.02); // the gradient of ½ p² is p
  }
  const after = await valuesOf(model);
  expect(energy(after)).toBeLessThan(0.9 * energy(before));
  expect(after.slice(6, 9)).toEqual(before.slice(6, 9));
});

test("a state that an older version saved whole, with zeros for what has not moved, is loaded as well", async () => {
  const on = cpu();
  const model = await new Three().to(on);
  const optimiser = new AdamW(model);
  walk(model, optimiser, on, 0, 1);
  const state = new Map(await optimiser.state());
  const zero = { shape: [], data: new Float32Array(1) };
  state.set("scale.mean", zero).set("scale.square", zero);
  walk(model, optimiser, on, 1, 2);
  optimiser.load(state);
  expect(optimiser.steps).toBe(1);
  state.delete("scale.mean");
  optimiser.load(state);
  state.set("scale.steps", { shape: [], data: Float32Array.of(1) });
  expect(() => optimiser.load(state)).toThrow("1 missing: scale.mean");
});

test("a rule may remember numbers by a name that ends in steps", async () => {
  const model = await new Three().to(cpu());
  class Remembering extends RuleOptimiser {
    constructor() {
      super(model, { name: "Remembering", decay: 0, remembers: () => ({ oversteps: [] }), update: () => undefined });
    }
  }
  const optimiser = new Remembering();
  const state = new Map(await optimiser.state());
  for (const path of model.parameters().keys())
    state
      .set(`${path}.steps`, { shape: [], data: Float32Array.of(1) })
      .set(`${path}.oversteps`, { shape: [], data: Float32Array.of(0.5) });
  optimiser.load(state);
  expect(await optimiser.state()).toEqual(state);
});

test("options that make no sense are refused by name", () => {
  const model = new Three();
  expect(() => new Sgd(model, { momentum: 1 })).toThrow("Sgd: momentum must be at least 0 and below 1, got 1");
  expect(() => new Sgd(model, { nesterov: true })).toThrow(
    "Sgd: nesterov looks ahead along the velocity, so it needs a momentum above 0",
  );
  expect(() => new Sgd(model, { decay: -1 })).toThrow("Sgd: decay must be a finite number from 0 up, got -1");
  expect(() => new Adam(model, { beta1: -1 })).toThrow("Adam: beta1 must be at least 0 and below 1, got -1");
  expect(() => new Lion(model, { beta2: NaN })).toThrow("Lion: beta2 must be at least 0 and below 1, got NaN");
  expect(() => new Adafactor(model, { floor: -1 })).toThrow(
    "Adafactor: floor must be a finite number from 0 up, got -1",
  );
  for (const option of ["limit", "exponent", "epsilon"])
    expect(() => new Adafactor(model, { [option]: 0 })).toThrow(
      `Adafactor: ${option} must be a finite number above 0, got 0`,
    );
  expect(() => new Muon(model, { hidden, momentum: 2 })).toThrow(
    "Muon: momentum must be at least 0 and below 1, got 2",
  );
  expect(() => new Muon(model, { hidden, adamw: { beta1: 2 } })).toThrow("Muon: beta1 must be at least 0");
  expect(() => new Muon(model, { hidden, scaling: "toString" as "adamw" })).toThrow(
    'Muon: scaling must be "adamw" or "original", got "toString"',
  );
  expect(() => new Muon(model)).toThrow(
    "Muon: no parameter of the model is hidden, so all would be left to AdamW. Without the option `hidden` those are the matrices named weight within blocks; say which they are.",
  );
  expect(() => new Muon(model, { hidden: () => true })).toThrow(
    "Muon: bias [3] is no matrix and cannot be hidden; leave it to AdamW",
  );
});

test("Adafactor factors each matrix of a batch by itself", async () => {
  const on = cpu({ precision: "f64" });
  const fill = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(i + 1));
  class Matrices extends Part {
    readonly both: Parameter = new Parameter([2, 2, 3], () => fill(12));
    readonly second: Parameter = new Parameter([2, 3], () => fill(12).slice(6));
  }
  const model = await new Matrices().to(on);
  const optimiser = new Adafactor(model, { relative: false, limit: 1e9 }); // else the size of all of it would count
  for (const slope of [1, 0.5]) {
    const both = tensor(
      fill(12).map((x) => slope * x),
      [2, 2, 3],
      on,
    );
    const second = tensor(
      fill(12)
        .slice(6)
        .map((x) => slope * x),
      [2, 3],
      on,
    );
    optimiser.step(
      new Map([
        [model.both, both],
        [model.second, second],
      ]),
      0.1,
    );
  }
  const state = await optimiser.state();
  expect([state.get("both.rows")!.shape, state.get("both.columns")!.shape]).toEqual([
    [2, 2],
    [2, 3],
  ]);
  const [whole, half] = [await model.both.host(), await model.second.host()];
  half.forEach((x, i) => expect(whole[6 + i]).toBeCloseTo(x, 14));
});

test("Muon takes the matrices within blocks, and neither tables nor heads", async () => {
  const matrix = (): Parameter => new Parameter([2, 2], () => new Float32Array(4));
  class Block extends Part {
    readonly weight: Parameter = matrix();
    readonly position = { table: matrix() };
    readonly up = { weight: matrix(), bias: new Parameter([2], () => new Float32Array(2)) };
  }
  class Model extends Part {
    readonly tokens = { table: matrix() };
    readonly blocks: readonly Block[] = [new Block()];
    readonly output = { weight: matrix() };
  }
  const on = cpu();
  const model = await new Model().to(on);
  const optimiser = new Muon(model);
  const gradients = [...model.parameters().values()].map((parameter) => [parameter, parameter.value] as const);
  optimiser.step(new Map(gradients), 0.1);
  const state = await optimiser.state();
  const matrices = [...model.parameters().keys()].filter((path) => !state.has(`${path}.square`));
  expect(matrices).toEqual(["blocks.0.weight", "blocks.0.up.weight"]);
});
