import { toEmbedding } from "@tenon/embeddings";
import { WordVectors } from "@tenon/embeddings/static";
import { random } from "@tenon/tensor";
import { huggingFaceTokenizer, wordTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

test("every tokenizer tells toEmbedding its tokens", () => {
  const vectors = new WordVectors({ words: ["mia", "ran"], data: Float32Array.of(1, 2, 3, 4) });
  const words = wordTokenizer("Mia ran.");
  const pieces = huggingFaceTokenizer({
    version: "1.0",
    model: { type: "WordLevel", vocab: { "[UNK]": 0, mia: 1, ran: 2 }, unk_token: "[UNK]" },
  });
  const wordOf = (token: string): string => token.toLowerCase();
  for (const tokenizer of [words, pieces]) {
    const { found, embedding, missing } = toEmbedding(vectors, tokenizer, { random: random(1), wordOf });
    expect([found, embedding.vocabulary, found + missing.length]).toEqual([2, tokenizer.size, tokenizer.size]);
  }
});
