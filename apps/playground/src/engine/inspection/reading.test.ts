import { assemble, bert, gpt, transformer, vit } from "@tenon/models";
import { cpu } from "@tenon/tensor";
import { huggingFaceTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import type { OpenModel } from "../opened-model.ts";
import type { Texts } from "./subject-data.ts";
import { inspecting, opened, sizes, texts } from "./testing/opened.ts";

const names = async (open: OpenModel, shown: Texts): Promise<(readonly string[])[]> => {
  const { source, main } = await inspecting(open).inspection.read(shown);
  return [source, main].flatMap((sequence) =>
    sequence === undefined ? [] : [sequence.tokens.map(({ text }) => text)],
  );
};

/** A tokenizer of words that puts a mark behind each text; its spaces are SentencePiece's. */
const words = huggingFaceTokenizer({
  version: "1.0",
  added_tokens: [{ id: 4, content: "</s>", special: true, normalized: false }],
  pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always" },
  post_processor: {
    type: "TemplateProcessing",
    single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "</s>", type_id: 0 } }],
    pair: [
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "</s>", type_id: 0 } },
      { Sequence: { id: "B", type_id: 1 } },
    ],
    special_tokens: { "</s>": { id: "</s>", ids: [4], tokens: ["</s>"] } },
  },
  decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always" },
  model: { type: "WordLevel", vocab: { "<unk>": 0, "▁Mia": 1, "▁ran": 2, "▁home": 3 }, unk_token: "<unk>" },
});

test("tokens are shown with the space before them, and what the tokenizer adds is there", async () => {
  const open = { ...(await opened(bert(sizes))), tokenizer: words };
  expect(await names(open, { text: "Mia ran", written: "" })).toEqual([[" Mia", " ran", "</s>"]]);
});

test("a source ends with the mark of its end, a target begins with that of its beginning", async () => {
  const open = await opened(transformer({ ...sizes, hidden: 32 }));
  expect(await names(open, { text: "Mia", written: "so" })).toEqual([
    ["M", "i", "a", "[END]"],
    ["[BEGIN]", "s", "o"],
  ]);
  const told = {
    ...open,
    tokenizer: words,
    pretrained: { config: { decoder_start_token_id: 3 }, generation: undefined },
  };
  expect(await names(told as unknown as OpenModel, { text: "Mia", written: "ran" })).toEqual([
    [" Mia", "</s>"],
    [" home", " ran"],
  ]);
});

test("of a long text as much is read as the context holds, and no more than can be looked at", async () => {
  const text = "x".repeat(100);
  const { main } = await inspecting(await opened(gpt(sizes))).inspection.read({ text, written: "" });
  expect([main.tokens.length, main.leftOut]).toEqual([16, 84]);
  const long = await inspecting(await opened(gpt({ ...sizes, context: 200 }))).inspection.read({ text, written: "" });
  expect([long.main.tokens.length, long.main.leftOut]).toEqual([64, 36]);
});

test("what can be changed is told layer by layer", async () => {
  const reading = await inspecting(await opened(transformer({ ...sizes, hidden: 32 }))).inspection.read(texts);
  expect([reading.sides, reading.layers.length, reading.usualPosition]).toEqual([["Encoder", "Decoder"], 2, 2]);
  expect(reading.layers[1]).toEqual({
    heads: { attention: 4, "cross-attention": 4 },
    sublayers: ["attention", "cross-attention", "feed-forward"],
  });
});

test("models that cannot be looked at say why", async () => {
  const model = await assemble(vit({ image: [8, 8], patch: [4, 4], width: 16, layers: 1, heads: 2 })).to(cpu());
  const open = { ...(await opened(gpt(sizes))), model };
  await expect(inspecting(open).inspection.read(texts)).rejects.toThrow(
    'this model is of the kind "image-encoder", and this page looks inside decoders, encoders and encoder–decoders. Open one of these.',
  );
  const mute = { ...(await opened(gpt(sizes))), tokenizer: undefined };
  await expect(inspecting(mute).inspection.read(texts)).rejects.toThrow(
    "no tokenizer came with this model, so a text cannot be cut into tokens for it. Open one with a tokenizer: a file that Tenon saved, or a folder with tokenizer.json.",
  );
});
