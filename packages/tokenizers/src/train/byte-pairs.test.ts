import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import goldens from "../../goldens/trainers.json" with { type: "json" };
import { trainBytePairs } from "./byte-pairs.ts";

const byId = (vocab: Readonly<Record<string, number>>): string =>
  Object.keys(vocab)
    .sort((a, b) => vocab[a]! - vocab[b]!)
    .join(" ");

test.each(goldens.bytePairs)(
  "merges and ids are those of the reference: $options",
  async ({ options, tokens, merges }) => {
    const { model } = await trainBytePairs(goldens.texts, options);
    expect(model.merges.map((pair) => pair.join(" "))).toEqual(merges.split("\n"));
    expect(byId(model.vocab)).toBe(tokens);
  },
);

test("the order of the texts does not matter, and they may stream", async () => {
  const options = { maximumSize: 400 };
  const file = await trainBytePairs(goldens.texts, options);
  const dice = random(1);
  const shuffled = goldens.texts.map((text) => ({ text, at: dice.integer(1e6) })).sort((a, b) => a.at - b.at);
  async function* stream(): AsyncGenerator<string> {
    for (const { text } of shuffled) yield text;
  }
  expect(await trainBytePairs(stream(), options)).toEqual(file);
});

test("special tokens have the first ids, in their order, and their text is not trained on", async () => {
  const special = { pad: "<|pad|>", end: "<|end|>" };
  const plain = await trainBytePairs(["ab ab", "ab"], { maximumSize: 300, special });
  const marked = await trainBytePairs(["ab ab<|end|>ab<|pad|>"], { maximumSize: 300, special });
  expect(marked).toEqual(plain);
  expect(plain.added_tokens.map(({ id, content }) => [id, content])).toEqual([
    [0, "<|pad|>"],
    [1, "<|end|>"],
  ]);
  expect(plain.model.vocab["<|end|>"]).toBe(1);
  expect(plain.model.merges).toEqual([["a", "b"]]);
});

test("a pair below minimumCount is not merged", async () => {
  const texts = ["ab", "ab", "ab", "cd", "cd"];
  const merges = async (minimumCount: number): Promise<unknown> =>
    (await trainBytePairs(texts, { maximumSize: 300, minimumCount })).model.merges;
  expect(await merges(2)).toEqual([["a", "b"], ["c", "d"]]); // prettier-ignore
  expect(await merges(3)).toEqual([["a", "b"]]);
  expect(await merges(4)).toEqual([]);
});

test("a vocabulary that cannot hold the bytes is refused", async () => {
  await expect(trainBytePairs(["a"], { maximumSize: 256 })).rejects.toThrow(
    "maximumSize is 256, but the vocabulary has 1 special tokens and an alphabet of 256, which makes 257; raise it",
  );
  expect(Object.keys((await trainBytePairs(["ab ab"], { maximumSize: 257 })).model.vocab)).toHaveLength(257);
});
