import { expect, test } from "vitest";

import { view } from "../../training/layout.ts";
import { textOf } from "../../training/text.ts";
import { oneVsAll } from "./classifier-loss.ts";
import { prepare } from "./prepare.ts";
import { type DictionarySettings, dictionaryOf } from "./text-dictionary.ts";

const usual: DictionarySettings = {
  minimumCount: 1,
  minimumLabelCount: 1,
  labelPrefix: "__label__",
  memory: 2 ** 20,
  subwords: { shortest: 0, longest: 0, wordNgrams: 1, buckets: 0 },
};
const text = "a b __label__x b\nc __label__y __label__x c\tc d </s>\n\nno end";
const count = async (settings: Partial<DictionarySettings> = {}) =>
  (await dictionaryOf(textOf(text), { ...usual, ...settings })).dictionary;

test("words and labels apart, the frequent first; ends of lines, and tokens that look like them, are words", async () => {
  const { words, labels, counts, tokens } = await count();
  expect(words).toEqual(["</s>", "c", "b", "a", "d", "no", "end"]);
  expect(labels).toEqual(["__label__x", "__label__y"]);
  expect([...counts]).toEqual([4, 3, 2, 1, 1, 1, 1, 2, 1]);
  expect(tokens).toBe(13 + 3);
});

test("rare words and rare labels are left out, each by its own measure", async () => {
  const frequent = await count({ minimumCount: 3 });
  expect([frequent.words, frequent.labels]).toEqual([
    ["</s>", "c"],
    ["__label__x", "__label__y"],
  ]);
  expect((await count({ minimumLabelCount: 2 })).labels).toEqual(["__label__x"]);
  expect((await count({ labelPrefix: "n" })).labels).toEqual(["no"]);
  const also = await count({ minimumCount: 3, also: ["c", "new", "b"] });
  expect([also.words, [...also.counts]]).toEqual([
    ["c", "</s>", "new", "b"],
    [4, 4, 1, 1, 2, 1],
  ]);
});

test("words that do not fit into the memory are refused where they may be missed", async () => {
  const many = textOf(Array.from({ length: 2000 }, (_, i) => `word${i}`).join(" "));
  await expect(dictionaryOf(many, { ...usual, memory: 2 ** 16 })).rejects.toThrow(
    "the text: its words take more than the 65536 bytes that they may, and words that occur 1 times had to be forgotten",
  );
});

test("one-vs-all begins without a true label, with all outputs as its points", async () => {
  const dictionary = await count();
  const training = { epochs: 1, learningRate: 1, seed: 1, threads: 1 };
  const outputCounts = Float64Array.of(2, 1);
  const sizes = { window: 1, divides: true, sentence: 0, rows: () => 10 };
  const { room, loops } = prepare({ dictionary, width: 4, loss: oneVsAll(), outputCounts, ...sizes }, training);
  const slot = loops.slots[0]!;
  expect([...view(room.memory, slot.points)]).toEqual([0, 1]);
  expect([...view(room.memory, slot.labels)].every((label) => label === 0)).toBe(true);
});
