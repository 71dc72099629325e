import type { Encoder } from "@tenon/models";
import { fillMasks } from "@tenon/pretrained";
import { expect, test } from "vitest";

import { engineWith } from "../../testing/engine.ts";
import { Filling } from "./filling.ts";
import { Similarity } from "./similarity.ts";

const { models, running } = await engineWith("story-encoder");
const filling = new Filling(models, running);
const similarity = new Similarity(models, running);

test("masks are filled as `tenon fill` fills them", async () => {
  const text = "The [MASK] rolled away and fell into the river, and Tom began to [MASK].";
  const { model, tokenizer } = models.current;
  const ids = tokenizer!.encode(text);
  const found = await filling.fill(text, 4);
  expect(found).toEqual(await fillMasks(model as Encoder, tokenizer!, ids, { top: 4 }));
  expect(found.masks.map(({ length }) => length)).toEqual([4, 4]);
  expect(found.masks[0]![0]!.word).toBe("ball");
  expect(found.masks[1]![0]!.word).toBe("cry");
});

test("cosines are the same both ways, and 1 for a sentence and itself", async () => {
  const sentences = [
    "Mia the fox was happy.",
    "Tom the cat was sad.",
    "It began to rain, and the wind blew the hat away.",
    "Mia the fox was happy.",
  ];
  const { cosines, pooling, width } = await similarity.compare(sentences);
  expect([pooling, width]).toEqual(["mean", 128]);
  for (let i = 0; i < 4; i++) {
    expect(cosines[5 * i]).toBe(1);
    for (let j = 0; j < 4; j++) expect(cosines[4 * i + j]).toBe(cosines[4 * j + i]);
  }
  // Padding has no part in it: the sentence is the same whatever it stands beside.
  expect(cosines[3]).toBeCloseTo(1, 6);
  const alone = await similarity.compare(sentences.slice(0, 2));
  expect(alone.cosines[1]).toBeCloseTo(cosines[1]!, 5);
  expect(cosines[1]).toBeLessThan(0.999);
});

test("what cannot be read, or is too long, is said", async () => {
  await expect(similarity.compare(["Mia ran.", ""])).rejects.toThrow(
    "Sentence 2 is empty. Write something, or remove it.",
  );
  const long = "Mia ran. ".repeat(60);
  await expect(similarity.compare(["Mia ran.", long])).rejects.toThrow(
    /^Sentence 2 has \d+ tokens, but story-encoder\.safetensors reads \d+ at most\. Shorten it\.$/,
  );
  await expect(filling.fill(`${long} [MASK]`, 3)).rejects.toThrow(
    /^The text has \d+ tokens, but story-encoder\.safetensors reads \d+ at most\. Shorten it\.$/,
  );
  const decoder = await engineWith("story-decoder");
  await expect(new Filling(decoder.models, decoder.running).fill("[MASK]", 3)).rejects.toThrow(
    "story-decoder.safetensors is no encoder, so it fills in no words. Open one, such as the story encoder.",
  );
  await expect(new Similarity(decoder.models, decoder.running).compare(["a", "b"])).rejects.toThrow(
    "story-decoder.safetensors is no encoder, so it gives no vectors of sentences. Open one, such as the story encoder.",
  );
});
