import { attachLora, quantizeWeights, storeWeights } from "@tenon/nn";
import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { resizeVocabulary } from "./resize-vocabulary.ts";
import { TiedOutput } from "./tied-output.ts";
import { TokenEmbedding } from "./token-embedding.ts";

test("a table in levels is refused, and nothing changes", async () => {
  const tokens = new TokenEmbedding({ vocabulary: 3, width: 32, random: random(1) });
  const output = new TiedOutput(tokens, { bias: true });
  await quantizeWeights(tokens, { bits: 8 });
  await expect(resizeVocabulary(output, 5)).rejects.toThrow(
    "resizeVocabulary: the table is held in levels, which have no rows to add to; await dequantizeWeights() of the model first",
  );
  expect(output.bias!.type.shape).toEqual([3]);
});

test("a table with an adapter is refused; one in 16 bits stays in 16 bits", async () => {
  const tokens = new TokenEmbedding({ vocabulary: 3, width: 2, random: random(1) });
  await storeWeights(tokens, "bf16");
  const lora = await attachLora(tokens, { rank: 1, targets: "table", random: random(1) });
  await expect(resizeVocabulary(tokens, 5)).rejects.toThrow(
    "resizeVocabulary: the table has an adapter, which has its size; merge() or detach() that first, and attach another after",
  );
  lora.detach();
  await resizeVocabulary(tokens, 5);
  expect(tokens.table.type).toEqual({ dtype: "bf16", shape: [5, 2] });
});
