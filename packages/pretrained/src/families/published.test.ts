// Configs as they were published, made small: what transformers computes for each is what Tenon computes.
import type { Decoder } from "@tenon/models";
import { ids } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose } from "../../test/expect-close.ts";
import { published, publishedFolder } from "../../test/published.ts";
import { filesInMemory } from "../files/files-in-memory.ts";
import { fromPretrained } from "../from-pretrained.ts";
import { savePretrained } from "../save-pretrained.ts";

test.each(Object.entries(published.models))("%s", async (name, { numbers, logits }) => {
  const folder = await publishedFolder(name);
  expect(folder.numbers).toBe(numbers);
  const loaded = await fromPretrained(filesInMemory(folder.content));
  const model = loaded.model as Decoder;
  const input = ids([...published.ids], [1, published.ids.length], model.backend, { limit: model.vocabulary });
  const found = await model.forward(input).read();
  const row = (at: number): ArrayLike<number> => found.subarray(at * model.vocabulary, (at + 1) * model.vocabulary);
  expectClose(
    [1, 7, 11].flatMap((at) => Array.from(row(at))),
    logits,
  );
  // The same model again from what it is saved as, with the config that it was loaded with and without.
  for (const saved of [loaded, model]) {
    const files = filesInMemory();
    await savePretrained(saved, files, { family: loaded.family });
    expect((await fromPretrained(files)).model.spec).toEqual(model.spec);
  }
});
