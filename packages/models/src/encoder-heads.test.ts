// What holds of an encoder whatever its head.
import { leftPadding } from "@tenon/attention";
import { collectSideOutputs, Linear, Module } from "@tenon/nn";
import { positionsAfterPadding } from "@tenon/positional";
import { cpu, mean, scoped, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as z from "zod";

import { expectClose, fill, filled, refusal, someIds, upload, whole } from "../test/models.ts";
import { assemble } from "./assemble.ts";
import { describe } from "./describe.ts";
import type { Encoder, EncoderInput } from "./encoder.ts";
import { standardKinds } from "./kinds/standard.ts";
import { bert } from "./presets.ts";
import type { EncoderSpec, PartSpec } from "./spec.ts";

const [vocabulary, context, width] = [13, 9, 12];
const spec = bert({ vocabulary, context, width, layers: 2, heads: 3 });
const heads: readonly (readonly [name: string, head: PartSpec, shape: readonly number[]])[] = [
  ["none", { kind: "none" }, [width]],
  ["masked-language", { kind: "masked-language", activation: "relu" }, [vocabulary]],
  ["pooler", { kind: "pooler" }, [width]],
  ["classification", { kind: "classification", labels: 3 }, [3]],
  ["token-classification", { kind: "token-classification", labels: 4 }, [4]],
  ["pre-training", { kind: "pre-training" }, [vocabulary]],
  ...(["mean", "first", "max", "last"] as const).map(
    (pooling) =>
      [
        `sentence, ${pooling}`,
        { kind: "sentence", pooling, layers: [{ width: 5, activation: "tanh" }], normalise: true },
        [5],
      ] as const,
  ),
];
const perToken = new Set(["none", "masked-language", "token-classification", "pre-training"]);
const withHead = (head: PartSpec): EncoderSpec => ({ ...spec, head });

/** Everything that a model says of each row; of a token-wise result the real tokens alone. */
async function rowsOf(
  model: Encoder,
  ids: readonly number[],
  batch: number,
  input: EncoderInput,
  real: readonly (readonly [from: number, to: number])[],
): Promise<number[][]> {
  const { result, sideOutputs } = collectSideOutputs(() => model.forward(upload(ids, batch, model.backend), input));
  const all = [result, ...sideOutputs.flatMap(({ tensors }) => tensors)];
  const values = await Promise.all(all.map(async (tensor) => [...(await tensor.read())]));
  return real.map(([from, to], row) =>
    values.flatMap((flat, i) => {
      const size = flat.length / batch;
      const whole = flat.slice(row * size, (row + 1) * size);
      if (all[i]!.rank === 2) return whole;
      const each = size / (ids.length / batch);
      return whole.slice(from * each, to * each);
    }),
  );
}

test.each(heads)("its shape: %s", async (name, head, shape) => {
  const on = cpu();
  const model = await filled(withHead(head), on);
  const y = model.forward(upload(someIds(vocabulary, 10), 2, on));
  expect(y.shape).toEqual(perToken.has(name) ? [2, 5, ...shape] : [2, ...shape]);
  expect(model.spec.head).toMatchObject(head);
});

test.each(heads)("a padded row equals the row alone, padded at the end or in front: %s", async (_, head) => {
  const on = cpu({ precision: "f64" });
  const model = await filled(withHead(head), on);
  const [length, short] = [7, 4];
  const [long, ids] = [someIds(vocabulary, length, 2), someIds(vocabulary, short, 3)];
  const noise = [5, 1, 7];
  const alone = [
    ...(await rowsOf(model, long, 1, {}, [[0, length]])),
    ...(await rowsOf(model, ids, 1, {}, [[0, short]])),
  ].flat();
  const ended = await rowsOf(model, [...long, ...ids, ...noise], 2, { lengths: whole([length, short], [2], on) }, [
    [0, length],
    [0, short],
  ]);
  expectClose(ended.flat(), alone, 1e-13);
  const paddings = [0, length - short];
  const begun = await rowsOf(
    model,
    [...long, ...noise, ...ids],
    2,
    { mask: leftPadding(whole(paddings, [2], on)), positions: positionsAfterPadding(paddings, length) },
    [
      [0, length],
      [length - short, length],
    ],
  );
  expectClose(begun.flat(), alone, 1e-13);
});

test("a pre-training head hands out nothing where nobody asks, and its parts say the same by hand", async () => {
  const on = cpu();
  const model = await filled(withHead({ kind: "pre-training" }), on);
  const ids = someIds(vocabulary, 5);
  const base = on.memory();
  scoped(() => void model.forward(upload(ids, 1, on)));
  expect(on.memory()).toEqual(base);
  const { sideOutputs } = collectSideOutputs(() => model.forward(upload(ids, 1, on)));
  expect(sideOutputs.map(({ from }) => from)).toEqual([model.head]);
  const classifier = await filled(withHead({ kind: "classification", labels: 2 }), on);
  for (const [path, parameter] of classifier.parameters()) {
    const there = model.parameters().get(path.replace("head.", "head.sentences."))!;
    parameter.assign(await there.host());
  }
  expect(await sideOutputs[0]!.tensors[0]!.read()).toEqual(await classifier.forward(upload(ids, 1, on)).read());
});

test("the activation of the head for masked words is the spec's to choose", async () => {
  const logits = async (head?: PartSpec): Promise<unknown> => {
    const model = await filled({ ...spec, ...(head && { head }) }, cpu());
    return model.forward(upload(someIds(vocabulary, 4), 1, model.backend)).read();
  };
  expect(await logits()).toEqual(await logits({ kind: "masked-language", activation: "gelu" }));
  expect(await logits()).not.toEqual(await logits({ kind: "masked-language", activation: "relu" }));
});

test("a head's dropout is the model's unless it has its own", () => {
  const rate = (head: object): unknown => {
    const model = assemble({ ...spec, dropout: 0.1, head: { labels: 2, ...head } });
    const [dropout] = [...model.parts()]
      .filter(([path]) => /^head\.(.*\.)?dropout$/.test(path))
      .map(([, part]) => part);
    return (dropout as unknown as { rate: number }).rate;
  };
  for (const kind of ["classification", "token-classification"]) {
    expect([rate({ kind }), rate({ kind, dropout: 0.3 }), rate({ kind, dropout: 0 })]).toEqual([0.1, 0.3, 0]);
  }
});

test("a stranger's head is a kind like any other", async () => {
  class Regression extends Module<[x: Tensor], Tensor> {
    readonly map: Linear;
    constructor(map: Linear) {
      super();
      this.map = map;
    }
    protected override compute(x: Tensor): Tensor {
      return this.map.forward(mean(x, 1));
    }
  }
  const kinds = standardKinds.with("head", "regression", {
    options: z.strictObject({ kind: z.literal("regression") }),
    build: (_, { width, random }) => new Regression(new Linear({ input: width, output: 1, random })),
  });
  const model = await assemble({ ...spec, head: { kind: "regression" } }, { kinds }).to(cpu());
  fill(model);
  expect(model.forward(upload([1, 2, 3], 1, model.backend)).shape).toEqual([1, 1]);
  expect(model.parameters().has("head.map.weight")).toBe(true);
});

test("heads that are none are refused, as is a decoder's", () => {
  const bad = (head: unknown): string => refusal(() => assemble({ ...spec, head } as unknown));
  expect([
    bad({ kind: "classifier" }),
    bad({ kind: "classification" }),
    bad({ kind: "classification", labels: 0 }),
    bad({ kind: "classification", labels: 2, dropout: 1.5 }),
    bad({ kind: "sentence", pooling: "median" }),
    bad({ kind: "sentence", layers: [{ width: 3, activation: "swish" }] }),
    bad({ kind: "pooler", labels: 2 }),
    bad("pooler"),
  ]).toMatchInlineSnapshot(`
    [
      "ConfigError: spec.head.kind: expected "none" or "masked-language" or "pooler" or "classification" or "token-classification" or "pre-training" or "sentence", got "classifier"",
      "ConfigError: spec.head.labels: missing; expected a whole number from 1 up",
      "ConfigError: spec.head.labels: expected a whole number from 1 up, got 0",
      "ConfigError: spec.head.dropout: expected a number below 1, got 1.5",
      "ConfigError: spec.head.pooling: expected "mean" or "first" or "max" or "last", got "median"",
      "ConfigError: spec.head.layers.0.activation: expected "relu" or "leaky-relu" or "relu-squared" or "gelu" or "gelu-tanh" or "quick-gelu" or "silu" or "mish" or "elu" or "selu" or "softplus" or "sigmoid" or "tanh", got "swish"",
      "ConfigError: spec.head.labels: there is no such key; the keys are kind, activation",
      "ConfigError: spec.head: expected an object that says its kind, got "pooler"",
    ]
  `);
  expect(refusal(() => assemble({ ...spec, kind: "decoder", head: { kind: "none" } } as unknown))).toContain(
    "spec.head: there is no such key",
  );
});

test("describe knows every head", () => {
  for (const [, head] of heads) {
    const unknown = describe(assemble(withHead(head))).parts.filter((part) => part.package === undefined);
    expect(unknown).toEqual([]);
  }
});

test("layers share their parameters in groups of neighbours", async () => {
  const on = cpu({ precision: "f64" });
  const deep = { ...spec, layers: 4 };
  const model = await filled({ ...deep, layerGroups: 2 }, on);
  const blocks = [...model.blocks];
  expect(blocks.map((block) => blocks.indexOf(block))).toEqual([0, 0, 2, 2]);
  expect(model.parameters().size).toBe(assemble(spec).parameters().size);
  // It computes what four layers of their own do that hold the same numbers.
  const alike = await assemble(deep).to(on);
  for (const [path, parameter] of alike.parameters()) {
    const shared = path.replace(/^blocks\.(\d)/, (_, layer: string) => `blocks.${Number(layer) & ~1}`);
    parameter.assign(await model.parameters().get(shared)!.host());
  }
  const ids = someIds(vocabulary, 6);
  const logits = await model.forward(upload(ids, 1, on)).read();
  expect(logits).toEqual(await alike.forward(upload(ids, 1, on)).read());
  expect(refusal(() => assemble({ ...deep, layerGroups: 3 }))).toMatchInlineSnapshot(
    `"ConfigError: spec.layerGroups: 3 groups do not divide 4 layers; choose a number that does, or leave it out, and each layer has parameters of its own"`,
  );
  expect(refusal(() => assemble({ ...deep, layerGroups: 0 }))).toMatchInlineSnapshot(
    `"ConfigError: spec.layerGroups: expected a whole number from 1 up, got 0"`,
  );
});
