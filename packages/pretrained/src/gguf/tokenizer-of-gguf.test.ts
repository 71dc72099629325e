// Tokenizers as GGUF lists them, and what the libraries that they come from say: goldens/make_gguf_tokenizers.py.
import type { GgufValue } from "@tenon/checkpoint";
import { isTenonError } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import golden from "../../goldens/gguf-tokenizers.json" with { type: "json" };
import { tokenizerOfGguf } from "./tokenizer-of-gguf.ts";

type Told = Readonly<Record<string, unknown>>;
/** Metadata as `openGguf` gives it: lists of numbers are typed arrays. */
const metadataOf = (told: Told): Map<string, GgufValue> =>
  new Map(
    Object.entries(told)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        `tokenizer.ggml.${key}`,
        Array.isArray(value) && typeof value[0] === "number"
          ? Float32Array.from(value as number[])
          : (value as GgufValue),
      ]),
  );

test.each(golden.byteLevel.map((each) => [each.metadata.pre, each] as const))(
  "byte-level BPE that is cut as %s: the tokenizer.json of the library itself",
  (_, { metadata, tokenizer }) => {
    const vocab = Object.fromEntries(metadata.tokens.map((token, id) => [token, id]));
    const merges = metadata.merges.map((merge) => merge.split(" "));
    const expected = { ...tokenizer, model: { ...tokenizer.model, vocab, merges } };
    expect(tokenizerOfGguf(metadataOf(metadata), "m.gguf")).toEqual(expected);
  },
);

describe("SentencePiece's BPE", () => {
  const { metadata, texts } = golden.sentencePiece;
  const json = tokenizerOfGguf(metadataOf(metadata), "m.gguf");
  const { vocab, merges } = json["model"] as { vocab: Record<string, number>; merges: [string, string][] };
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]));

  /** BPE in its plainest form: the first merge of the list that applies, where it applies first, until none does. */
  function idsOf(text: string): number[] {
    const pieces = text === "" ? [] : [...`▁${text.replaceAll(" ", "▁")}`];
    for (;;) {
      const rankAt = (i: number): number => ranks.get(`${pieces[i]} ${pieces[i + 1]}`) ?? Infinity;
      const best = pieces.reduce((best, _, i) => (rankAt(i) < rankAt(best) ? i : best), 0);
      if (rankAt(best) === Infinity) break;
      pieces.splice(best, 2, pieces[best]! + pieces[best + 1]!);
    }
    const byte = (value: number): number => vocab[`<0x${value.toString(16).toUpperCase().padStart(2, "0")}>`]!;
    return pieces.flatMap((piece) => vocab[piece] ?? [...new TextEncoder().encode(piece)].map(byte));
  }

  test.each(texts)("$text", ({ text, ids }) => {
    expect(idsOf(text)).toEqual(ids);
  });

  test("what is around its merges", () => {
    expect({ ...json, model: undefined }).toEqual({
      version: "1.0",
      truncation: null,
      padding: null,
      added_tokens: [
        ["<unk>", true],
        ["<s>", true],
        ["</s>", true],
        ["<sep>", false],
      ].map(([content, special], id) => ({
        id,
        content,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special,
      })),
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "Prepend", prepend: "▁" },
          { type: "Replace", pattern: { String: " " }, content: "▁" },
        ],
      },
      pre_tokenizer: null,
      post_processor: {
        type: "TemplateProcessing",
        single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
        pair: [
          { SpecialToken: { id: "<s>", type_id: 0 } },
          { Sequence: { id: "A", type_id: 0 } },
          { SpecialToken: { id: "<s>", type_id: 1 } },
          { Sequence: { id: "B", type_id: 1 } },
        ],
        special_tokens: { "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] } },
      },
      decoder: {
        type: "Sequence",
        decoders: [
          { type: "Replace", pattern: { String: "▁" }, content: " " },
          { type: "ByteFallback" },
          { type: "Fuse" },
          { type: "Strip", content: " ", start: 1, stop: 0 },
        ],
      },
      model: undefined,
    });
    const other = tokenizerOfGguf(
      metadataOf({ ...metadata, add_space_prefix: false, add_bos_token: false, add_eos_token: true }),
      "m.gguf",
    );
    expect(other["normalizer"]).toEqual({ type: "Replace", pattern: { String: " " }, content: "▁" });
    expect((other["post_processor"] as { single: unknown }).single).toEqual([
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "</s>", type_id: 0 } },
    ]);
  });
});

test("what cannot be read is refused, by its key", () => {
  const { metadata } = golden.byteLevel[0]!;
  const refused = (changes: Told): string => {
    try {
      tokenizerOfGguf(metadataOf({ ...metadata, ...changes }), "m.gguf");
    } catch (error) {
      if (isTenonError(error, "CheckpointError")) return error.message;
      throw error;
    }
    return "accepted";
  };
  const count = metadata.tokens.length;
  expect([
    refused({ model: "bert" }),
    refused({ model: undefined }),
    refused({ pre: "tekken" }),
    refused({ tokens: undefined }),
    refused({ tokens: ["a", "b", "a"] }),
    refused({ token_type: [1, 2] }),
    refused({ merges: ["a b c"] }),
    refused({ merges: ["a zz"] }),
    refused({ add_bos_token: true, bos_token_id: count }),
    refused({ add_bos_token: true, bos_token_id: undefined }),
    refused({ model: "llama", scores: undefined }),
    refused({ add_eos_token: "yes" }),
  ]).toEqual([
    'm.gguf: "tokenizer.ggml.model": expected "gpt2" or "llama", the kinds of tokenizer that Tenon reads from GGUF; got "bert"',
    'm.gguf: "tokenizer.ggml.model": expected "gpt2" or "llama", the kinds of tokenizer that Tenon reads from GGUF; got nothing',
    'm.gguf: "tokenizer.ggml.pre": expected one of gpt-2, phi-2, llama-bpe, llama-v3, llama3, qwen2, deepseek-r1-qwen, smollm, whose splits Tenon knows; got "tekken"',
    'm.gguf: "tokenizer.ggml.tokens": expected a list of strings; got nothing',
    'm.gguf: "tokenizer.ggml.tokens": expected each token once; got "a"',
    `m.gguf: "tokenizer.ggml.token_type": expected a list of ${count} numbers, one for each token; got a list of 2`,
    'm.gguf: "tokenizer.ggml.merges": expected two tokens with a space between, which give a token; got "a b c"',
    'm.gguf: "tokenizer.ggml.merges": expected two tokens with a space between, which give a token; got "a zz"',
    `m.gguf: "tokenizer.ggml.bos_token_id": expected the id of one of ${count} tokens; got ${count}`,
    'm.gguf: "tokenizer.ggml.bos_token_id": expected the id of the token that is to be put around each text; got nothing',
    `m.gguf: "tokenizer.ggml.scores": expected a list of ${count} numbers, one for each token; got nothing`,
    'm.gguf: "tokenizer.ggml.add_eos_token": expected true or false; got "yes"',
  ]);
});
