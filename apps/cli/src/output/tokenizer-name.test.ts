import { byteTokenizer, huggingFaceTokenizer, trainBytePairs, trainWordPieces } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { tokenizerName } from "./tokenizer-name.ts";

test("a tokenizer is called by what it does", async () => {
  const [pairs, pieces] = await Promise.all([
    trainBytePairs(["a b"], { maximumSize: 260 }),
    trainWordPieces(["a b"], { maximumSize: 20 }),
  ]);
  expect([pairs, pieces].map((file) => tokenizerName(huggingFaceTokenizer(file)))).toEqual(["byte-pair", "word-piece"]);
  expect(tokenizerName(byteTokenizer())).toBe("byte");
});
