import { isTenonError, random, type Random, type Shape } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { Conv2d } from "../conv2d.ts";
import { Embedding } from "../embedding.ts";
import { LayerNorm } from "../layer-norm.ts";
import { Linear } from "../linear.ts";
import { Parameter } from "../parameter.ts";
import { Part } from "../part.ts";
import { zeros } from "./initial.ts";
import { initialise } from "./initialise.ts";
import { initialScheme, initialSchemeNames, type InitialSchemeName } from "./schemes.ts";

const [width, inner, hidden, layers, heads] = [64, 96, 160, 3, 4];
const linear = (input: number, output: number): Linear => new Linear({ input, output, random: random(9) });
class Attention extends Part {
  readonly query: Linear = linear(width, inner);
  readonly key: Linear = linear(width, inner);
  readonly value: Linear = linear(width, inner);
  readonly output: Linear = linear(inner, width);
}
class Experts extends Part {
  readonly gate: Parameter = new Parameter([3, hidden, width], zeros);
  readonly up: Parameter = new Parameter([3, hidden, width], zeros);
  readonly down: Parameter = new Parameter([3, width, hidden], zeros);
}
class Block extends Part {
  readonly attention: Attention = new Attention();
  readonly norm: LayerNorm = new LayerNorm(width);
  readonly feedForward: { readonly [name: string]: Linear } = {
    up: linear(width, hidden),
    down: linear(hidden, width),
  };
  readonly mixture: { readonly experts: Experts } = { experts: new Experts() };
}
/** A model by the names that Tenon's own have. */
class Model extends Part {
  readonly embedding: { readonly [name: string]: Embedding } = {
    tokens: new Embedding({ count: 80, width, random: random(9) }),
    position: new Embedding({ count: 40, width, random: random(9) }),
  };
  readonly blocks: readonly Block[] = [new Block()];
  readonly patches: Conv2d = new Conv2d({ input: 8, output: 40, kernel: 3, random: random(9) });
  readonly output: Linear = linear(width, 80);
}

const tokens = "embedding.tokens.table";
const position = "embedding.position.table";
const attention = "blocks.0.attention";
const feedForward = "blocks.0.feedForward";
const experts = "blocks.0.mixture.experts";
const { sqrt } = Math;
const glorot = (input: number, output: number): number => sqrt(2 / (input + output));
const small = sqrt(2 / (5 * width));

/** The deviation of each parameter that the scheme is for, by the formula of its paper. */
const expected: Record<InitialSchemeName, Record<string, number>> = {
  xavier: {
    [tokens]: 1 / sqrt(width),
    [position]: 1 / sqrt(width),
    [`${attention}.query.weight`]: glorot(width, inner),
    [`${attention}.key.weight`]: glorot(width, inner),
    [`${attention}.value.weight`]: glorot(width, inner),
    [`${attention}.output.weight`]: glorot(inner, width),
    [`${feedForward}.up.weight`]: glorot(width, hidden),
    [`${feedForward}.down.weight`]: glorot(hidden, width),
    [`${experts}.gate`]: glorot(width, hidden),
    [`${experts}.up`]: glorot(width, hidden),
    [`${experts}.down`]: glorot(hidden, width),
    "patches.weight": glorot(8 * 9, 40 * 9),
    "output.weight": glorot(width, 80),
  },
  kaiming: {
    [`${attention}.query.weight`]: sqrt(2 / width),
    [`${attention}.key.weight`]: sqrt(2 / width),
    [`${attention}.value.weight`]: sqrt(2 / width),
    [`${attention}.output.weight`]: sqrt(2 / inner),
    [`${feedForward}.up.weight`]: sqrt(2 / width),
    [`${feedForward}.down.weight`]: sqrt(2 / hidden),
    [`${experts}.gate`]: sqrt(2 / width),
    [`${experts}.up`]: sqrt(2 / width),
    [`${experts}.down`]: sqrt(2 / hidden),
    "patches.weight": sqrt(2 / (8 * 9)),
    "output.weight": sqrt(2 / width),
  },
  "gpt-2": {
    [tokens]: 0.02,
    [position]: 0.01,
    [`${attention}.query.weight`]: 0.02,
    [`${attention}.key.weight`]: 0.02,
    [`${attention}.value.weight`]: 0.02,
    [`${attention}.output.weight`]: 0.02 / sqrt(2 * layers),
    [`${feedForward}.up.weight`]: 0.02,
    [`${feedForward}.down.weight`]: 0.02 / sqrt(2 * layers),
    [`${experts}.gate`]: 0.02,
    [`${experts}.up`]: 0.02,
    [`${experts}.down`]: 0.02 / sqrt(2 * layers),
    "patches.weight": 0.02,
    "output.weight": 0.02,
  },
  bert: Object.fromEntries(
    [
      tokens,
      position,
      ...["query", "key", "value", "output"].map((name) => `${attention}.${name}.weight`),
      `${feedForward}.up.weight`,
      `${feedForward}.down.weight`,
      `${experts}.gate`,
      `${experts}.up`,
      `${experts}.down`,
      "patches.weight",
      "output.weight",
    ].map((path) => [path, 0.02 * 0.8796]), // what a cut at two deviations leaves
  ),
  t5: {
    [tokens]: 1,
    [position]: 1 / sqrt(width),
    [`${attention}.query.weight`]: 1 / sqrt(width * (inner / heads)),
    [`${attention}.key.weight`]: 1 / sqrt(width),
    [`${attention}.value.weight`]: 1 / sqrt(width),
    [`${attention}.output.weight`]: 1 / sqrt(inner),
    [`${feedForward}.up.weight`]: 1 / sqrt(width),
    [`${feedForward}.down.weight`]: 1 / sqrt(hidden),
    [`${experts}.gate`]: 1 / sqrt(width),
    [`${experts}.up`]: 1 / sqrt(width),
    [`${experts}.down`]: 1 / sqrt(hidden),
    "patches.weight": 1 / sqrt(8 * 9),
    "output.weight": 1 / sqrt(width),
  },
  small: {
    [tokens]: 1 / sqrt(width),
    [position]: 1 / sqrt(width),
    [`${attention}.query.weight`]: small,
    [`${attention}.key.weight`]: small,
    [`${attention}.value.weight`]: small,
    [`${attention}.output.weight`]: small,
    [`${feedForward}.up.weight`]: glorot(width, hidden),
    [`${feedForward}.down.weight`]: glorot(hidden, width),
    [`${experts}.gate`]: glorot(width, hidden),
    [`${experts}.up`]: glorot(width, hidden),
    [`${experts}.down`]: glorot(hidden, width),
    "patches.weight": glorot(8 * 9, 40 * 9),
    "output.weight": glorot(width, 80),
  },
  "small-embedding": { [tokens]: 1e-4 / sqrt(3) },
};
/** The largest number that a draw may give, in deviations of the table above: √3 of a uniform one, 2 / 0.88 of the cut one. */
const bounds: Partial<Record<InitialSchemeName, (path: string) => number>> = {
  xavier: (path) => (path.endsWith("table") ? Infinity : sqrt(3)),
  bert: () => 2 / 0.8796,
  "small-embedding": () => sqrt(3),
};

const made = (name: InitialSchemeName, stream: Random): { model: Model; rules: Map<string, string> } => {
  const model = new Model();
  return { model, rules: initialise(model, initialScheme(name, { layers, width, heads }), stream) };
};

describe.each(initialSchemeNames.map((name) => [name] as const))("the scheme %s", (name) => {
  test("has the deviation and the bound of its formula, is for no vector, and gives a seed's values again", async () => {
    const { model, rules } = made(name, random(5));
    expect([...rules.keys()].toSorted()).toEqual(Object.keys(expected[name]).toSorted());
    const again = made(name, random(5)).model.parameters();
    for (const [path, parameter] of model.parameters()) {
      const values = await parameter.host();
      expect(await again.get(path)!.host()).toEqual(values);
      const deviation = expected[name][path];
      if (deviation === undefined) continue;
      const square = [...values].reduce((total, value) => total + value ** 2, 0) / values.length;
      expect(Math.abs(sqrt(square) / deviation - 1), path).toBeLessThan(0.06);
      const largest = Math.max(...[...values].map(Math.abs)) / deviation;
      const bound = bounds[name]?.(path);
      if (bound === undefined || bound === Infinity) expect(largest, path).toBeGreaterThan(2.6);
      else {
        expect(largest, path).toBeLessThan(bound * 1.001);
        expect(largest, path).toBeGreaterThan(bound * 0.95);
      }
    }
  });
});

const errorOf = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (isTenonError(error, "ConfigError")) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
};

test("a size that a scheme needs must be there", () => {
  expect(errorOf(() => initialScheme("gpt-2"))).toBe(
    'the scheme "gpt-2" needs the layers of the model: initialScheme("gpt-2", { layers: … })',
  );
  expect(errorOf(() => initialScheme("t5", { width: 4 }))).toContain('the scheme "t5" needs the heads of the model');
  expect(errorOf(() => initialScheme("t5", { heads: 4 }))).toContain('the scheme "t5" needs the width of the model');
  expect(errorOf(() => initialScheme("small"))).toContain('the scheme "small" needs the width of the model');
  expect(errorOf(() => initialScheme("gpt-2", { layers: 0 }))).toBe(
    'the scheme "gpt-2": layers must be a whole number from 1 up, got 0',
  );
  expect(errorOf(() => initialScheme("GPT" as InitialSchemeName))).toBe(
    'there is no scheme "GPT"; choose from xavier, kaiming, gpt-2, bert, t5, small, small-embedding, or write a list of rules',
  );
});

test("T5's heads must share the queries", async () => {
  const model = new Model();
  initialise(model, initialScheme("t5", { width, heads: 7 }), random(1));
  await expect(model.blocks[0]!.attention.query.weight.host()).rejects.toThrow(
    "t5: 7 heads cannot share 96 rows of queries evenly",
  );
});

test("a scheme that is for nothing in a model says so", () => {
  expect(errorOf(() => initialise(new LayerNorm(4), initialScheme("bert"), random(1)))).toContain(
    "the scheme is for none of the model's parameters, which are: weight, bias.",
  );
});

test("the weights of experts are so many matrices, each from a stream of its own", async () => {
  const { model } = made("xavier", random(5));
  const values = await model.parameters().get(`${experts}.up`)!.host();
  const shape: Shape = [hidden, width];
  const size = shape[0]! * shape[1]!;
  expect(values.slice(0, size)).not.toEqual(values.slice(size, 2 * size));
});

test.each([
  ["gpt-2", 0.02 / sqrt(2 * layers)],
  ["small", small],
] as const)(
  "%s begins what ends a sublayer of a block by itself as it does within a model",
  async (name, deviation) => {
    class DecoderBlock extends Block {
      readonly crossAttention: Attention = new Attention();
    }
    const block = new DecoderBlock();
    initialise(block, initialScheme(name, { layers, width }), random(5));
    const ends = ["attention.output.weight", "crossAttention.output.weight"];
    if (name === "gpt-2") ends.push("feedForward.down.weight");
    for (const path of ends) {
      const values = await block.parameters().get(path)!.host();
      const square = [...values].reduce((total, value) => total + value ** 2, 0) / values.length;
      expect(Math.abs(sqrt(square) / deviation - 1), path).toBeLessThan(0.06);
    }
  },
);
