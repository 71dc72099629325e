import { expect, test } from "vitest";
import goldens from "../../goldens/trainers.json" with { type: "json" };
import { trainWordPieces } from "./word-pieces.ts";

const byId = (vocab: Readonly<Record<string, number>>): string[] =>
  Object.keys(vocab).sort((a, b) => vocab[a]! - vocab[b]!);
const plain = { special: { unknown: "[UNK]" } };

test.each(goldens.wordPieces)("the vocabulary is that of the reference: $options", async ({ options, tokens }) => {
  const { model } = await trainWordPieces(goldens.texts, options);
  expect(byId(model.vocab).join(" ")).toBe(tokens);
});

test("class and separator go around the texts where they are among the special tokens", async () => {
  const { post_processor: step } = await trainWordPieces(["ab"], { maximumSize: 20 });
  expect(step).toEqual({
    type: "TemplateProcessing",
    single: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
    ],
    pair: [
      { SpecialToken: { id: "[CLS]", type_id: 0 } },
      { Sequence: { id: "A", type_id: 0 } },
      { SpecialToken: { id: "[SEP]", type_id: 0 } },
      { Sequence: { id: "B", type_id: 1 } },
      { SpecialToken: { id: "[SEP]", type_id: 1 } },
    ],
    special_tokens: {
      "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
      "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
    },
  });
  expect((await trainWordPieces(["ab"], { maximumSize: 20, ...plain })).post_processor).toEqual({
    type: "TemplateProcessing",
    single: [{ Sequence: { id: "A", type_id: 0 } }],
    pair: [{ Sequence: { id: "A", type_id: 0 } }, { Sequence: { id: "B", type_id: 1 } }],
    special_tokens: {},
  });
});

test("words with characters beyond the alphabet are left alone, the rarest characters first", async () => {
  const { model } = await trainWordPieces(["aab aab ab xab xab"], { maximumSize: 30, maximumAlphabet: 2, ...plain });
  expect(byId(model.vocab)).toEqual(["[UNK]", "a", "b", "##a", "##b", "aa", "aab"]);
});

test("another prefix", async () => {
  const { model, decoder } = await trainWordPieces(["aba aba"], { maximumSize: 30, prefix: "@@", ...plain });
  expect(byId(model.vocab)).toEqual(["[UNK]", "a", "b", "@@a", "@@b", "ab", "aba"]);
  expect(model.continuing_subword_prefix).toBe("@@");
  expect(decoder["prefix"]).toBe("@@");
  await expect(trainWordPieces(["a"], { maximumSize: 30, prefix: "" })).rejects.toThrow(
    'prefix is one or more characters such as "##", got the string ""',
  );
});

test("what is missing or too small is named", async () => {
  await expect(trainWordPieces(["abc"], { maximumSize: 9 })).rejects.toThrow(
    "maximumSize is 9, but the vocabulary has 5 special tokens and an alphabet of 5, which makes 10; " +
      "raise it, or set maximumAlphabet (5 counts each character with and without ##)",
  );
  await expect(trainWordPieces(["abc"], { maximumSize: 9, special: {} })).rejects.toThrow(
    'special.unknown is missing: it stands for a word with a character that the texts lack; add unknown: "[UNK]"',
  );
});
