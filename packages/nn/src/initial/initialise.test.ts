import { cpu, dryRun, isTenonError, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { freeze } from "../freeze.ts";
import { LayerNorm } from "../layer-norm.ts";
import { Linear } from "../linear.ts";
import { Part } from "../part.ts";
import { normal, uniformWithin, type Initialiser } from "./initial.ts";
import { initialise, type InitialScheme } from "./initialise.ts";
import { xavier } from "./xavier.ts";

const constant =
  (value: number): Initialiser =>
  () =>
  (shape) =>
    new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value);
const small: Initialiser = (random) => normal(random, 0.02);
class Model extends Part {
  readonly first: Linear = new Linear({ input: 2, output: 2, random: random(1) });
  readonly norm: LayerNorm = new LayerNorm(2);
  readonly last: Linear = new Linear({ input: 2, output: 1, random: random(2) });
}
const valuesOf = async (model: Part): Promise<Record<string, readonly number[]>> =>
  Object.fromEntries(
    await Promise.all(
      [...model.parameters()].map(
        async ([path, one]) => [path, [...(await one.host())]] as [string, readonly number[]],
      ),
    ),
  );
const errorOf = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (isTenonError(error, "ConfigError")) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("the first rule that fits counts; what no rule fits stays as its part made it", async () => {
  const model = new Model();
  const before = await valuesOf(model);
  const scheme: InitialScheme = [
    ["last.*", constant(1)],
    ["*.weight", constant(2), { axes: 2 }],
  ];
  expect([...initialise(model, scheme, random(1))]).toEqual([
    ["first.weight", "*.weight"],
    ["last.weight", "last.*"],
    ["last.bias", "last.*"],
  ]);
  expect(await valuesOf(model)).toEqual({
    ...before,
    "first.weight": [2, 2, 2, 2],
    "last.weight": [1, 1],
    "last.bias": [1],
  });
});

test("values depend on the seed and the path alone: not on the order of parts, on other parameters, on when, or on the backend", async () => {
  class Turned extends Part {
    readonly last: Linear = new Linear({ input: 2, output: 1, random: random(7) });
    readonly more: Linear = new Linear({ input: 2, output: 5, random: random(7) });
    readonly first: Linear = new Linear({ input: 2, output: 2, random: random(7) });
  }
  const scheme: InitialScheme = [["**weight", small, { axes: 2 }]];
  const model = new Model();
  initialise(model, scheme, random(3));
  const values = await valuesOf(model);
  const turned = new Turned();
  const stream = random(3);
  stream.uniform();
  initialise(turned, scheme, stream);
  const others = await valuesOf(turned);
  for (const path of ["first.weight", "last.weight"]) expect(others[path]).toEqual(values[path]);
  expect(values["first.weight"]!.slice(0, 2)).not.toEqual(values["last.weight"]);

  const placed = await new Model().to(cpu());
  initialise(placed, scheme, random(3));
  expect(await valuesOf(placed)).toEqual(values);
  initialise(placed, scheme, random(4));
  expect((await valuesOf(placed))["first.weight"]).not.toEqual(values["first.weight"]);
});

test("before the model is placed nothing is computed, whatever was assigned before", async () => {
  let calls = 0;
  const counting: Initialiser = () => (shape) => {
    calls++;
    return new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(5);
  };
  const layer = new Linear({ input: 2, output: 1, random: random(1) });
  layer.weight.assign(Float32Array.of(8, 8));
  initialise(layer, [["weight", counting]], random(1));
  expect(calls).toBe(0);
  await layer.to(cpu());
  expect(await layer.weight.host()).toEqual(Float32Array.of(5, 5));
  expect(calls).toBe(1);
  const unseen = new Linear({ input: 2, output: 1, random: random(1) });
  initialise(unseen, [["**", counting]], random(1));
  await unseen.to(dryRun());
  expect(calls).toBe(1);
});

test("on a backend the old values' memory is given back", async () => {
  const on = cpu();
  const model = await new Model().to(on);
  const before = on.memory();
  initialise(model, [["**", constant(1)]], random(1));
  expect(on.memory()).toEqual(before);
});

test("frozen and shared parameters begin anew, a shared one under its first path", async () => {
  class Shared extends Part {
    readonly first: Linear = new Linear({ input: 1, output: 1, bias: false, random: random(1) });
    readonly second: Linear = this.first;
  }
  const model = new Shared();
  freeze(model);
  expect([...initialise(model, [["**", constant(4)]], random(1)).keys()]).toEqual(["first.weight"]);
  expect(await model.second.weight.host()).toEqual(Float32Array.of(4));
  expect(errorOf(() => initialise(model, [["second.**", constant(4)]], random(1)))).toContain("no parameter fits");
});

test("a rule that does nothing is an error, and nothing changes", async () => {
  const model = new Model();
  const before = await valuesOf(model);
  const run = (...scheme: InitialScheme) => errorOf(() => initialise(model, [...scheme], random(1)));
  expect(run(["**", constant(1)], ["first.wieght", small])).toBe(
    'initialise: no parameter fits "first.wieght". The parameters are: first.weight, first.bias, norm.weight, norm.bias, last.weight, last.bias.',
  );
  expect(run(["**", constant(1)], ["first.weight", small])).toBe(
    'initialise: earlier rules are for all parameters that fit "first.weight"; put the narrower rule first',
  );
  expect(run(["norm.*", constant(1), { axes: 2 }])).toContain('no parameter with 2 axes or more fits "norm.*"');
  expect(run(["table", small, { optional: true }])).toContain("the scheme is for none of the model's parameters");
  expect(run()).toContain("the scheme is for none of the model's parameters");
  expect(run(["**", constant(1)], ["**", (random) => uniformWithin(random, -1)])).toContain("earlier rules");
  expect(errorOf(() => initialise(model, [["**", (random) => normal(random, 0)]], random(1)))).toContain("deviation");
  expect(await valuesOf(model)).toEqual(before);
  initialise(
    model,
    [
      ["**", constant(1)],
      ["table", small, { optional: true }],
    ],
    random(1),
  );
});

test("an initialiser that cannot make the values says for which parameter, and by which rule", async () => {
  const model = new Model();
  initialise(model, [["**weight", (random) => xavier(random)]], random(1));
  await expect(model.norm.weight.host()).rejects.toThrow(
    'norm.weight cannot begin as the rule "**weight" says: xavier: a weight must have at least two axes, [out, in, …], got the shape [2]',
  );
});
