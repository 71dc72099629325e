// Tiny random checkpoints that Hugging Face's transformers wrote, and what it answered with them: goldens/encoder_decoders.py.
import { parseSafetensors, serializeSafetensors, type TensorData } from "@tenon/checkpoint";
import { assemble, bart, EncoderDecoder, marian, t5, transformer, type EncoderDecoderSpec } from "@tenon/models";
import { cpu, ids as toIds, type Json } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose } from "../../test/expect-close.ts";
import { goldenContent } from "../../test/golden-folder.ts";
import { testEncoderDecoder } from "../../test/test-encoder-decoder.ts";
import { Config } from "../config/config.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";
import { bart as bartFamily } from "./bart.ts";
import { marian as marianFamily } from "./marian.ts";
import { t5 as t5Family } from "./t5.ts";

const names = ["bart", "bart-scaled", "marian", "marian-two-tables", "t5", "t5-gated", "t5-unscaled"];
for (const name of names) testEncoderDecoder(name);

const json = (bytes: unknown): Record<string, Json> => JSON.parse(new TextDecoder().decode(bytes as Uint8Array));
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A golden folder with another config, and only some of its tensors, by other names. */
function changed(
  name: string,
  config: Readonly<Record<string, Json>>,
  renamed: (tensor: string) => string | undefined = (tensor) => tensor,
): Map<string, Uint8Array> {
  const content = goldenContent(name);
  const { tensors } = parseSafetensors(content.get("model.safetensors")!, { name });
  const kept = [...tensors].flatMap(([tensor, stored]): [string, TensorData][] => {
    const called = renamed(tensor);
    return called === undefined ? [] : [[called, stored]];
  });
  content.set("model.safetensors", serializeSafetensors(kept));
  content.set("config.json", bytes({ ...json(content.get("config.json")), ...config }));
  return content;
}

async function loaded(content: Map<string, Uint8Array>): Promise<EncoderDecoder> {
  const { model } = await fromPretrained(filesInMemory(content));
  if (!(model instanceof EncoderDecoder)) throw new Error("no encoder–decoder");
  return model;
}
const logitsOf = async (model: EncoderDecoder): Promise<ArrayLike<number>> => {
  const ids = (values: readonly number[]) => toIds(values, [1, values.length], model.backend, { limit: 29 });
  return model.forward(ids([2, 5, 9]), ids([3, 9])).read();
};

test("release 1.1 of T5 as transformers 5 saves it: said to be tied, with an output of its own all the same", async () => {
  const once = await loaded(goldenContent("t5-gated"));
  const newer = await loaded(changed("t5-gated", { tie_word_embeddings: true, scale_decoder_outputs: false }));
  expect(newer.spec).toEqual(once.spec);
  expect(newer.spec.tied).toBe(false);
  expect(await logitsOf(newer)).toEqual(await logitsOf(once));
});

test("BART as its first checkpoints were, without the head: no bias of the logits", async () => {
  const bare = (tensor: string): string | undefined =>
    tensor === "final_logits_bias" ? undefined : tensor.replace(/^model\./, "");
  const model = await loaded(changed("bart", { architectures: ["BartModel"] }, bare));
  expect(model.spec.logits).toBeUndefined();
  const full = await loaded(goldenContent("bart"));
  const bias = await full.parameters().get("output.bias")!.host();
  const expected = await logitsOf(full);
  expectClose(
    Array.from(await logitsOf(model), (logit, i) => logit + bias[i % 29]!),
    Array.from(expected),
  );
});

test("tables that a checkpoint holds once more are compared, computed ones passed over", async () => {
  const content = goldenContent("marian");
  const { tensors } = parseSafetensors(content.get("model.safetensors")!, { name: "marian" });
  const table = tensors.get("model.shared.weight")!;
  const withMore = (more: readonly [string, TensorData][]) =>
    new Map([...content, ["model.safetensors", serializeSafetensors([...tensors, ...more])]]);
  const copies: [string, TensorData][] = [
    ["lm_head.weight", table],
    ["model.encoder.embed_tokens.weight", table],
    ["model.encoder.embed_positions.weight", table],
  ];
  expect(await logitsOf(await loaded(withMore(copies)))).toEqual(await logitsOf(await loaded(content)));
  const other = { ...table, bytes: table.bytes.map((byte) => byte ^ 1) };
  await expect(loaded(withMore([["lm_head.weight", other]]))).rejects.toThrow(
    '"lm_head.weight" and "model.shared.weight" are one',
  );
});

const sizes = { vocabulary: 29, context: 20, width: 8, layers: 2, heads: 2 };
const families = { bart: bartFamily, marian: marianFamily, t5: t5Family };
const presets: Record<keyof typeof families, EncoderDecoderSpec> = {
  bart: bart(sizes),
  marian: marian(sizes),
  t5: t5(sizes),
};

test.each(Object.keys(families) as (keyof typeof families)[])(
  "the preset %s is the family's, and is read as it was written",
  (name) => {
    const { spec } = assemble(presets[name]);
    const told = new Config("config.json", families[name].config(spec, families[name].architectures[0]!));
    const holds = (tensor: string): boolean => tensor === "final_logits_bias";
    const { initial: _, ...expected } = spec;
    expect(assemble(families[name].spec(told, families[name].architectures[0]!, holds)).spec).toEqual(expected);
  },
);

type Changes = Partial<Record<"encoder" | "decoder", object>> & Record<string, unknown>;
test.each<[family: keyof typeof families, changes: Changes, message: string]>([
  [
    "bart",
    { encoder: { position: { kind: "learned" } } },
    "its encoder.position.reserved is undefined, of that family 2",
  ],
  ["bart", { decoder: { embeddingNorm: false } }, "its decoder.embeddingNorm is false, of that family true"],
  ["bart", { sourceVocabulary: 9 }, "its sourceVocabulary is 9, of that family nothing"],
  ["bart", { decoder: { context: 9 } }, "its decoder.context is 9, of that family that of the encoder, 20"],
  ["bart", { tied: false }, "its tied is false, of that family true"],
  ["bart", { tokens: { width: 4 } }, "its tokens.width is 4, of that family nothing"],
  ["bart", { logits: { scale: 2 } }, "its logits.scale is 2, of that family nothing"],
  [
    "bart",
    { decoder: { crossAttention: { kind: "multi-head", heads: 4 } } },
    "its decoder.crossAttention.heads is 4, of that family 2",
  ],
  [
    "bart",
    { decoder: { residual: { kind: "pre-norm" } } },
    'its decoder.residual.kind is "pre-norm", of that family "post-norm"',
  ],
  [
    "marian",
    { encoder: { position: { kind: "sinusoidal" } } },
    'its encoder.position.layout is undefined, of that family "half-split"',
  ],
  ["marian", { encoder: { embeddingNorm: true } }, "its encoder.embeddingNorm is true, of that family false"],
  ["t5", { decoder: { norm: { kind: "rms-norm", epsilon: 0.1 } } }, "its decoder.norm is"],
  ["t5", { logits: { scale: 2 } }, "its logits.scale is 2, of that family 0.35355339059327373, 1 / √width, or nothing"],
  ["t5", { logits: { bias: true } }, 'its logits is {"bias":true}, of that family at most a scale'],
  ["t5", { tokens: { scaled: true } }, "its tokens is"],
  [
    "t5",
    { encoder: { attention: { kind: "multi-head", heads: 2, bias: false } } },
    "its encoder.attention.scale is undefined, of that family 1",
  ],
])("%s cannot express %j", (name, { encoder, decoder, ...changes }, message) => {
  const preset = presets[name];
  const spec = {
    ...preset,
    ...changes,
    encoder: { ...preset.encoder, ...encoder },
    decoder: { ...preset.decoder, ...decoder },
  };
  expect(() => families[name].config(assemble(spec as EncoderDecoderSpec).spec, "")).toThrow(message);
});

test("a spec of none of the three is refused with all reasons", async () => {
  const files = filesInMemory();
  const model = await assemble(transformer(sizes)).to(cpu());
  await expect(savePretrained(model, files)).rejects.toThrow(
    /No family of Hugging Face can express this model:\n(.*\n)*.*"marian"/,
  );
});

test.each<[folder: string, config: Readonly<Record<string, Json>>, message: string]>([
  [
    "bart",
    { tie_word_embeddings: false },
    '"tie_word_embeddings": expected true, the only value that Tenon does; got false',
  ],
  ["bart", { normalize_before: true }, '"normalize_before": expected false, the only value that Tenon does; got true'],
  ["bart", { activation_function: "snake" }, '"activation_function": expected one of gelu,'],
  [
    "marian",
    { share_encoder_decoder_embeddings: "no" },
    '"share_encoder_decoder_embeddings": expected true or false; got "no"',
  ],
  ["marian", { decoder_attention_heads: 3 }, "heads 3 does not divide width 8"],
  ["t5", { feed_forward_proj: "gated" }, '"feed_forward_proj": expected one of gelu,'],
  ["t5", { num_layers: 0 }, '"num_layers": expected a whole number from 1 up; got 0'],
  ["t5", { num_decoder_layers: 3 }, '"decoder.block.2.layer.0.SelfAttention.q.weight"'],
  ["t5", { d_ff: 100_000_000 }, "a model whose hidden is 100000000"],
  ["t5-gated", { feed_forward_proj: "relu" }, '"encoder.block.0.layer.1.DenseReluDense.wi_0.weight"'],
])("%s with %j is refused", async (name, config, message) => {
  await expect(loaded(changed(name, config))).rejects.toThrow(message);
});
