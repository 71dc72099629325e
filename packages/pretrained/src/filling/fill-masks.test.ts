import { assemble, bert, type Encoder } from "@tenon/models";
import { cpu, ids as idTensor, Scope, softmax } from "@tenon/tensor";
import { wordTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import { fillMasks } from "./fill-masks.ts";

const tokenizer = wordTokenizer("Mia ran home and Tom ran too", { special: { mask: "[MASK]", end: "[END]" } });
const sizes = { vocabulary: tokenizer.size + 3, context: 8, width: 8, layers: 1, heads: 2 };
const model: Encoder = await assemble(bert(sizes), { seed: 1 }).to(cpu());
const ids = tokenizer.encode("Mia [MASK] home [MASK]");

test("candidates have the probabilities of softmax, and are words", async () => {
  const { masks, text } = await fillMasks(model, tokenizer, ids, { top: 3 });
  using scope = new Scope();
  const probabilities = await scope
    .run(() => softmax(model.forward(idTensor(ids, [1, ids.length], model.backend, { limit: model.vocabulary }))))
    .read();
  const special = Object.values(tokenizer.special);
  const places = ids.flatMap((id, place) => (id === tokenizer.special["mask"] ? [place] : []));
  expect(masks).toHaveLength(2);
  for (const [n, place] of places.entries()) {
    const row = Array.from(probabilities.slice(place * model.vocabulary, (place + 1) * model.vocabulary));
    const words = row
      .map((probability, id) => ({ id, probability }))
      .filter(({ id }) => id < tokenizer.size && !special.includes(id));
    const best = words.toSorted((a, b) => b.probability - a.probability).slice(0, 3);
    expect(masks[n]).toEqual(best.map(({ id, probability }) => ({ id, probability, word: tokenizer.token(id) })));
  }
  const best = masks.map(([first]) => first!.word);
  expect(text).toBe(`Mia ${best[0]} home ${best[1]}`);
});

test("a tokenizer without a mask, and another head, are refused", async () => {
  await expect(fillMasks(model, wordTokenizer("Mia ran"), [0])).rejects.toThrow(
    "fillMasks: the word tokenizer has no mask among its special tokens",
  );
  const spec = { ...bert(sizes), head: { kind: "classification", labels: 2 } };
  const other: Encoder = await assemble(spec, { seed: 1 }).to(cpu());
  await expect(fillMasks(other, tokenizer, ids)).rejects.toThrow(
    'fillMasks takes an encoder with a head of the kind "masked-language", got "classification"',
  );
});
