import { Dropout, withDropout, type Part } from "@tenon/nn";
import { cpu, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { filled, refusal, someIds, upload } from "../test/models.ts";
import { decoders, encoders } from "../test/specs.ts";
import { assemble } from "./assemble.ts";
import { Decoder } from "./decoder.ts";
import { Encoder } from "./encoder.ts";
import { bert, gpt } from "./presets.ts";
import type { DecoderSpec, EncoderSpec } from "./spec.ts";

const specs: readonly (readonly [name: string, spec: DecoderSpec | EncoderSpec])[] = [...decoders, ...encoders];
const valuesOf = async (model: Part): Promise<Map<string, ArrayLike<number>>> =>
  new Map(
    await Promise.all(
      [...model.parameters()].map(async ([path, parameter]) => [path, await parameter.host()] as const),
    ),
  );
const isConstant = (values: ArrayLike<number>): boolean => new Set(Array.from(values)).size === 1;

test.each(specs)("the same seed gives the same parameters, another seed others: %s", async (_, spec) => {
  const [first, again, other] = [assemble(spec, { seed: 7 }), assemble(spec, { seed: 7 }), assemble(spec, { seed: 8 })];
  const values = await valuesOf(first);
  expect(await valuesOf(again)).toEqual(values);
  const changed = await valuesOf(other);
  for (const [path, one] of values) {
    // What begins at 0 or at 1 does so whatever the seed.
    if (isConstant(one)) expect(changed.get(path), path).toEqual(one);
    else expect(changed.get(path), path).not.toEqual(one);
  }
});

test.each(specs)("no two parameters draw the same numbers: %s", async (_, spec) => {
  const starts = [...(await valuesOf(assemble(spec)))]
    .filter(([, values]) => !isConstant(values))
    // Shapes and deviations differ; the ratio of two draws does not depend on them.
    .map(([, values]) => (values[1]! / values[0]!).toFixed(4));
  expect(starts.length).toBeGreaterThan(2);
  expect(new Set(starts).size).toBe(starts.length);
});

test.each(specs)("the spec goes through JSON and comes back as the same model: %s", async (_, spec) => {
  const model = assemble(spec, { seed: 3 });
  const back = assemble(JSON.parse(JSON.stringify(model.spec)), { seed: 3 });
  expect(back.spec).toEqual(model.spec);
  expect(back).toBeInstanceOf(spec.kind === "decoder" ? Decoder : Encoder);
  expect(await valuesOf(back)).toEqual(await valuesOf(model));
});

test("the model keeps a spec of its own", () => {
  const spec = structuredClone(gpt({ vocabulary: 5, context: 4, width: 6, layers: 1, heads: 2 }));
  const model = assemble(spec);
  Object.assign(spec, { width: 99 });
  Object.assign(spec.attention, { heads: 99 });
  expect([model.spec.width, model.spec.attention.heads]).toEqual([6, 2]);
});

test("what a seed means does not change from one version to the next", async () => {
  const model = assemble(gpt({ vocabulary: 5, context: 4, width: 6, layers: 2, heads: 2 }), { seed: 7 });
  const starts = [...(await valuesOf(model))].filter(([, values]) => !isConstant(values));
  const digits = starts.map(([path, values]) => `${path} ${values[0]!.toFixed(6)}`);
  expect(digits).toMatchInlineSnapshot(`
    [
      "embedding.tokens.table 0.018743",
      "embedding.position.table -0.046160",
      "blocks.0.attention.query.weight -0.663964",
      "blocks.0.attention.key.weight -0.596805",
      "blocks.0.attention.value.weight 0.095846",
      "blocks.0.attention.output.weight -0.400106",
      "blocks.0.feedForward.up.weight 0.442950",
      "blocks.0.feedForward.down.weight 0.363587",
      "blocks.1.attention.query.weight -0.628019",
      "blocks.1.attention.key.weight 0.311817",
      "blocks.1.attention.value.weight 0.364819",
      "blocks.1.attention.output.weight -0.382996",
      "blocks.1.feedForward.up.weight 0.413010",
      "blocks.1.feedForward.down.weight 0.242789",
    ]
  `);
});

test("the seed is 0 unless given, and refused when it is none", async () => {
  const spec = gpt({ vocabulary: 5, context: 4, width: 6, layers: 1, heads: 2 });
  expect(await valuesOf(assemble(spec))).toEqual(await valuesOf(assemble(spec, { seed: 0 })));
  expect(refusal(() => assemble(spec, { seed: 0.5 }))).toMatchInlineSnapshot(
    `"ConfigError: a seed is a whole number from 0 to 2^53 - 1, got 0.5"`,
  );
});

const sizes = { vocabulary: 13, context: 6, width: 16, layers: 2, heads: 4 };
test.each<[string, DecoderSpec | EncoderSpec]>([
  ["gpt", gpt({ ...sizes, dropout: 0.25 })],
  ["bert", bert({ ...sizes, dropout: 0.25 })],
])("dropout is where the spec says, and off unless it is turned on: %s", async (_, spec) => {
  const on = cpu();
  const model = await filled(spec, on);
  const rates = [...model.parts()].flatMap(([path, part]) => (part instanceof Dropout ? [[path, part.rate]] : []));
  expect(rates).toEqual([
    ["embedding.dropout", 0.25],
    ["blocks.0.attentionResidual.dropout", 0.25],
    ["blocks.0.feedForwardResidual.dropout", 0.25],
    ["blocks.1.attentionResidual.dropout", 0.25],
    ["blocks.1.feedForwardResidual.dropout", 0.25],
  ]);
  const ids = upload(someIds(13, 12), 2, on);
  const logits = (seed: number, step: number) =>
    withDropout(model, random(seed), step, () => model.forward(ids)).read();
  const without = await model.forward(ids).read();
  expect(without).toEqual(await (await filled({ ...spec, dropout: 0 }, on)).forward(ids).read());
  const dropped = await logits(1, 0);
  expect(dropped).not.toEqual(without);
  expect(await logits(1, 0)).toEqual(dropped);
  expect(await logits(1, 1)).not.toEqual(dropped);
  expect(await logits(2, 0)).not.toEqual(dropped);
});
