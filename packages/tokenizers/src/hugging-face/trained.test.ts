// What our trainers write, read here: the same ids and texts as the Python library's, which goldens/trainers.py wrote.
import { expect, test } from "vitest";
import encodings from "../../goldens/trained-encodings.json" with { type: "json" };
import goldens from "../../goldens/trainers.json" with { type: "json" };
import { loadTokenizer } from "../load.ts";
import { trainBytePairs } from "../train/byte-pairs.ts";
import type { TokenizerFile } from "../train/tokenizer-file.ts";
import { trainUnigram } from "../train/unigram.ts";
import { trainWordPieces } from "../train/word-pieces.ts";
import { huggingFaceTokenizer } from "./hugging-face-tokenizer.ts";

const { texts } = goldens;
const trained: ["byte-pairs" | "word-pieces" | "unigram", () => Promise<TokenizerFile>][] = [
  ["byte-pairs", () => trainBytePairs(texts, { maximumSize: 500 })],
  ["word-pieces", () => trainWordPieces(texts, { maximumSize: 300 })],
  ["unigram", () => trainUnigram(texts, { maximumSize: 250 })],
];

test.each(trained)("%s that were trained here", async (name, train) => {
  const file: unknown = JSON.parse(JSON.stringify(await train()));
  const tokenizer = huggingFaceTokenizer(file);
  const { ids, texts: decoded, pair } = encodings[name];
  for (const [index, text] of encodings.strings.entries()) {
    expect([text, tokenizer.encoding(text).ids]).toEqual([text, ids[index]]);
    expect(tokenizer.decode(ids[index]!, { skipSpecial: true })).toBe(decoded[index]);
  }
  const both = tokenizer.encoding(["ba do", "ke"]);
  expect({ ids: both.ids, types: both.segmentIds }).toEqual(pair);
  expect(loadTokenizer(file).size).toBe(tokenizer.size);
});
