import { Linear, Module, Parameter, zeros } from "@tenon/nn";
import { random, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { DistancePosition } from "../test/distance-position.ts";
import { decoders, encoders } from "../test/specs.ts";
import { assemble } from "./assemble.ts";
import { describe } from "./describe.ts";
import { bert, gpt, llama } from "./presets.ts";

const [v, t, d, n, h, m] = [19, 11, 12, 3, 4, 5];
const sizes = { vocabulary: v, context: t, width: d, layers: n, heads: h };
const linear = (input: number, output: number, bias = true): number => input * output + (bias ? output : 0);

test("a gpt counts as it does on paper", () => {
  const { count, bytes, parts, packages } = describe(assemble(gpt(sizes)));
  const block = 2 * 2 * d + 4 * linear(d, d) + linear(d, 4 * d) + linear(4 * d, d);
  expect(count).toBe(v * d + t * d + n * block + 2 * d);
  expect(bytes).toBe(4 * count);
  expect(parts[0]).toEqual({
    path: "",
    kind: "Decoder",
    package: "@tenon/models",
    parameters: [],
    count: 0,
    bytes: 0,
  });
  expect(packages).toEqual([
    "@tenon/models",
    "@tenon/embeddings",
    "@tenon/positional",
    "@tenon/nn",
    "@tenon/blocks",
    "@tenon/attention",
  ]);
});

test("a llama, which shares nothing and has no biases", () => {
  const { count, parts } = describe(assemble(llama({ ...sizes, width: 16, keyValueHeads: 2, hidden: m })));
  const block = 2 * 16 + 2 * linear(16, 16, false) + 2 * linear(16, 8, false) + 3 * 16 * m;
  expect(count).toBe(2 * v * 16 + n * block + 16);
  expect(parts.flatMap(({ parameters }) => parameters).filter(({ sharedWith }) => sharedWith)).toEqual([]);
});

test("a bert, with its head", () => {
  const { count } = describe(assemble(bert({ ...sizes, segments: 2 })));
  const block = 2 * 2 * d + 4 * linear(d, d) + linear(d, 4 * d) + linear(4 * d, d);
  const head = linear(d, d) + 2 * d + v;
  expect(count).toBe((v + t + 2) * d + 2 * d + n * block + head);
});

test("a shared parameter is counted where it is first, and named where it comes again", () => {
  const { parts } = describe(assemble(gpt(sizes)));
  const at = (path: string) => parts.find((part) => part.path === path);
  expect(at("embedding.tokens")).toEqual({
    path: "embedding.tokens",
    kind: "TokenEmbedding",
    package: "@tenon/embeddings",
    parameters: [{ name: "table", shape: [v, d] }],
    count: v * d,
    bytes: 4 * v * d,
  });
  expect(at("output")).toEqual({
    path: "output",
    kind: "TiedOutput",
    package: "@tenon/embeddings",
    parameters: [{ name: "table", shape: [v, d], sharedWith: "embedding.tokens.table" }],
    count: 0,
    bytes: 0,
  });
});

test.each([...decoders, ...encoders])("every parameter is listed once: %s", async (_, spec) => {
  const model = assemble(spec);
  const listed = describe(model).parts.flatMap(({ path, parameters }) =>
    parameters
      .filter(({ sharedWith }) => sharedWith === undefined)
      .map(({ name }) => (path ? `${path}.${name}` : name)),
  );
  expect(listed.sort()).toEqual([...model.parameters().keys()].sort());
});

test("a stranger's part has no package, and its parameters count, however it holds them", () => {
  class Strange extends Module<[x: Tensor], Tensor> {
    readonly position: DistancePosition = new DistancePosition(3, 1);
    readonly tables: readonly Parameter[] = [new Parameter([2, 3], zeros), new Parameter([5], zeros)];
    readonly gains: Readonly<Record<string, Parameter>> = { low: new Parameter([7], zeros), again: this.tables[1]! };
    readonly maps: readonly Linear[] = [new Linear({ input: 2, output: 2, bias: false, random: random(1) })];
    protected override compute(x: Tensor): Tensor {
      return x;
    }
  }
  const { parts, count, packages } = describe(new Strange());
  expect(parts.map(({ path, kind, package: home, count }) => [path, kind, home, count])).toEqual([
    ["", "Strange", undefined, 6 + 5 + 7],
    ["position", "DistancePosition", undefined, 3],
    ["maps.0", "Linear", "@tenon/nn", 4],
  ]);
  expect(parts[0]!.parameters).toEqual([
    { name: "tables.0", shape: [2, 3] },
    { name: "tables.1", shape: [5] },
    { name: "gains.low", shape: [7] },
  ]);
  expect(count).toBe(25);
  expect(packages).toEqual(["@tenon/nn"]);
});
