// What the spec of an encoder–decoder says, and how it is refused.
import { DeepNorm } from "@tenon/blocks";
import { resizeVocabulary } from "@tenon/embeddings";
import type { Linear } from "@tenon/nn";
import { cpu } from "@tenon/tensor";
import { expect, test } from "vitest";
import * as z from "zod";

import { encoderDecoders } from "../../test/encoder-decoders.ts";
import { refusal } from "../../test/models.ts";
import { assemble } from "../assemble.ts";
import { describe } from "../describe.ts";
import { standardKinds } from "../kinds/standard.ts";
import type { EncoderDecoderSpec } from "../spec.ts";
import { bart, marian, t5, transformer } from "./presets.ts";

const sizes = { vocabulary: 13, context: 12, width: 16, layers: 2, heads: 4 };
const spec = transformer(sizes);

test.each(encoderDecoders)("the spec goes through JSON and comes back as the same model: %s", async (_, spec) => {
  const model = assemble(spec, { seed: 3 });
  const back = assemble(JSON.parse(JSON.stringify(model.spec)) as EncoderDecoderSpec, { seed: 3 });
  expect(back.spec).toEqual(model.spec);
  const [other, values] = [back.parameters(), model.parameters()];
  expect([...other.keys()]).toEqual([...values.keys()]);
  for (const [path, parameter] of values) expect(await other.get(path)!.host(), path).toEqual(await parameter.host());
});

test("a transformer counts as it does on paper, and all three tables are one", () => {
  const { count, parts, packages } = describe(assemble(transformer({ ...sizes, hidden: 20, decoderLayers: 3 })));
  const [d, linear] = [16, (input: number, output: number) => input * output + output];
  const attention = 4 * linear(d, d) + 2 * d;
  const feedForward = linear(d, 20) + linear(20, d) + 2 * d;
  expect(count).toBe(13 * d + 2 * (attention + feedForward) + 3 * (2 * attention + feedForward));
  expect(parts[0]!.kind).toBe("EncoderDecoder");
  expect(parts.filter(({ kind }) => kind === "EmbeddedStack").map(({ path }) => path)).toEqual(["encoder", "decoder"]);
  expect(parts.filter(({ kind }) => kind === "CrossAttentionBlock")).toHaveLength(3);
  expect(
    parts.flatMap(({ path, parameters }) =>
      parameters.filter((one) => one.sharedWith).map((one) => [path, one.sharedWith]),
    ),
  ).toEqual([["output", "encoder.embedding.tokens.tokens.table"]]);
  expect(packages).toContain("@tenon/models");
});

test("the presets say what their papers do", () => {
  const paths = (spec: EncoderDecoderSpec): string[] => [...assemble(spec).parameters().keys()];
  const table = /attention\.position\.table$/;
  expect(paths(t5(sizes)).filter((path) => table.test(path))).toEqual([
    "encoder.blocks.0.attention.position.table",
    "decoder.blocks.0.attention.position.table",
  ]);
  expect(paths(t5(sizes)).filter((path) => path.endsWith("bias") || path.startsWith("output"))).toEqual([]);
  expect(paths(t5({ ...sizes, release: "1.1" })).filter((path) => /gate|^output/.test(path))).toHaveLength(5);
  expect(assemble(bart(sizes)).parameters().get("decoder.embedding.position.table")!.type.shape).toEqual([14, 16]);
  expect(paths(bart(sizes)).filter((path) => path.includes("embedding"))).toHaveLength(7);
  expect(paths(marian({ ...sizes, sourceVocabulary: 9 })).filter((path) => path.endsWith("table"))).toHaveLength(2);
  expect(paths(marian(sizes)).filter((path) => path.endsWith("table") || path.startsWith("output"))).toHaveLength(2);
});

test("one table is resized for both sides and the output; two are two vocabularies", async () => {
  const one = await assemble(marian(sizes)).to(cpu());
  await resizeVocabulary(one, 15);
  expect([one.vocabulary, one.sourceVocabulary, one.spec.vocabulary, one.spec.sourceVocabulary]).toEqual([
    15,
    15,
    15,
    undefined,
  ]);
  expect(one.parameters().get("output.bias")!.type.shape).toEqual([15]);
  const two = assemble(marian({ ...sizes, sourceVocabulary: 9 }));
  expect([two.vocabulary, two.sourceVocabulary, two.spec.sourceVocabulary]).toEqual([13, 9, 9]);
  await expect(resizeVocabulary(two, 15)).rejects.toThrow("the part has vocabularies of different sizes");
  await resizeVocabulary(two.encoder, 15);
  expect([two.vocabulary, two.sourceVocabulary, two.spec.sourceVocabulary]).toEqual([13, 15, 15]);
});

test("deep-norm knows the depths of both sides, and so does its initial scheme", async () => {
  const side = { residual: { kind: "deep-norm" } };
  const deep: EncoderDecoderSpec = {
    ...spec,
    encoder: { ...spec.encoder, ...side, layers: 3 },
    decoder: { ...spec.decoder, ...side, layers: 2 },
    initial: "deep-norm",
  };
  const model = assemble(deep);
  const alphas = [...model.parts().values()].flatMap((part) => (part instanceof DeepNorm ? [part.alpha] : []));
  const [encoder, decoder] = [0.81 * (3 ** 4 * 2) ** (1 / 16), (3 * 2) ** (1 / 4)];
  expect(alphas).toEqual([...new Array<number>(2 * 3).fill(encoder), ...new Array<number>(3 * 2).fill(decoder)]);
  const deviation = async (path: string): Promise<number> => {
    const values = await (model.parts().get(path) as Linear).weight.host();
    return Math.sqrt([...values].reduce((sum, value) => sum + value ** 2, 0) / values.length);
  };
  // The gain times Xavier's deviation, 1 / √16 for a square map.
  expect(await deviation("encoder.blocks.2.attention.value")).toBeCloseTo((0.87 * (3 ** 4 * 2) ** (-1 / 16)) / 4, 1.7);
  expect(await deviation("decoder.blocks.1.crossAttention.value")).toBeCloseTo((12 * 2) ** (-1 / 4) / 4, 1.7);
  expect(await deviation("decoder.blocks.1.crossAttention.key")).toBeCloseTo(1 / 4, 1.7);
});

test("layers of a side may share their parameters", () => {
  const shared = assemble({ ...spec, decoder: { ...spec.decoder, layers: 4, layerGroups: 2 } });
  expect([...shared.decoder.blocks].map((block) => [...shared.decoder.blocks].indexOf(block))).toEqual([0, 0, 2, 2]);
});

test("a cross-attention of one's own", () => {
  const kinds = standardKinds.with("crossAttention", "mine", {
    options: z.strictObject({ kind: z.literal("mine") }),
    build: (_, given) => standardKinds.build("crossAttention", { kind: "multi-head", heads: 1, bias: false }, given),
  });
  const mine = { ...spec, decoder: { ...spec.decoder, crossAttention: { kind: "mine" } } };
  const paths = [...assemble(mine, { kinds }).parameters().keys()];
  expect(paths.filter((path) => path.includes("crossAttention."))).toHaveLength(2 * 4);
});

test("what is wrong is said with the key", () => {
  const { encoder, decoder } = spec;
  const said = (changes: object): string => refusal(() => assemble({ ...spec, ...changes }));
  const { crossAttention: _, ...blind } = decoder;
  expect([
    said({ encoder: undefined }),
    said({ decoder: blind }),
    said({ encoder: { ...encoder, crossAttention: decoder.crossAttention } }),
    said({ layers: 2 }),
    said({ encoder: { ...encoder, position: { kind: "sinusoidal", layout: "halves" } } }),
    said({ decoder: { ...decoder, crossAttention: { kind: "latent", heads: 2 } } }),
    said({ decoder: { ...decoder, crossAttention: { kind: "multi-head", heads: 3 } } }),
    said({ decoder: { ...decoder, residual: { kind: "parallel" } } }),
    said({ encoder: { ...encoder, layers: 3, layerGroups: 2 } }),
    said({ sourceVocabulary: 0 }),
  ]).toMatchInlineSnapshot(`
    [
      "ConfigError: spec.encoder: missing; expected an object with the keys context, layers, position …",
      "ConfigError: spec.decoder.crossAttention: missing; expected an object that says its kind",
      "ConfigError: spec.encoder.crossAttention: there is no such key; the keys are context, layers, position, attention, feedForward, norm, residual, layerGroups, embeddingNorm",
      "ConfigError: spec.layers: there is no such key; the keys are kind, version, vocabulary, width, encoder, decoder, dropout, tokens, initial, sourceVocabulary, tied, logits",
      "ConfigError: spec.encoder.position.layout: expected "interleaved" or "half-split", got "halves"",
      "ConfigError: spec.decoder.crossAttention.kind: expected "multi-head" or "additive" or "multiplicative", got "latent"",
      "ConfigError: spec.decoder.crossAttention: MultiHeadCrossAttention: heads 3 does not divide width 16; choose heads from 1, 2, 4, 8, 16, or another width",
      "ConfigError: spec.decoder.residual: "parallel" has attention and feed-forward part side by side, and no place for a cross-attention; choose another scheme for the decoder",
      "ConfigError: spec.encoder.layerGroups: 2 groups do not divide 3 layers; choose a number that does, or leave it out, and each layer has parameters of its own",
      "ConfigError: spec.sourceVocabulary: expected a whole number from 1 up, got 0",
    ]
  `);
});
