import { huggingFaceTokenizer, trainBytePairs, trainWordPieces } from "@tenon/tokenizers";
import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { continuesWord } from "./continues-word.ts";
import { maskedBatches } from "./masked-batches.ts";

// Words of one to four pieces: 10·n begins a word, 10·n + 1 … go on with it.
const sizes = [1, 3, 2, 1, 4, 2];
const text = Int32Array.from({ length: 60 }, (_, i) => i % sizes.length).reduce<number[]>((ids, word) => {
  for (let piece = 0; piece < sizes[word]!; piece++) ids.push(10 * word + piece);
  return ids;
}, []);
const options = {
  ids: text,
  context: 40,
  batch: 8,
  random: random(1),
  vocabulary: 61,
  mask: 60,
  continues: (id: number) => id % 10 > 0,
};

test("a word is predicted as a whole or not at all, and never more tokens than the rate says", () => {
  const batches = maskedBatches(options);
  const seen = new Map<number, number>();
  const looks = { mask: 0, kept: 0, other: 0 };
  let mixed = 0;
  for (let step = 0; step < 100; step++) {
    const { inputs, targets } = batches(step);
    for (let row = 0; row < 8; row++) {
      const at = row * 40;
      const asked = Array.from(targets.subarray(at, at + 40), (target) => target !== -100);
      const original = Array.from({ length: 40 }, (_, i) => (asked[i] ? targets[at + i]! : inputs[at + i]!));
      const count = asked.filter(Boolean).length;
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(6);
      seen.set(count, (seen.get(count) ?? 0) + 1);
      for (let i = 1; i < 40; i++) if (original[i]! % 10 > 0) expect(asked[i]).toBe(asked[i - 1]);
      asked.forEach((is, i) => {
        if (!is) return;
        const look = inputs[at + i] === 60 ? "mask" : inputs[at + i] === targets[at + i] ? "kept" : "other";
        looks[look]++;
        if (i > 0 && asked[i - 1] && original[i]! % 10 > 0 && (inputs[at + i - 1] === 60) !== (look === "mask"))
          mixed++;
      });
    }
  }
  // Words are drawn until nothing fits, so most rows have all of 15 % of 40.
  expect(seen.get(6)! / 800).toBeGreaterThan(0.9);
  const all = looks.mask + looks.kept + looks.other;
  expect(Math.abs(looks.mask / all - 0.8)).toBeLessThan(0.025);
  expect(mixed).toBeGreaterThan(100); // each piece is disguised for itself
});

test("a word that is longer than the rate allows is predicted when there is no other", () => {
  const { targets } = maskedBatches({ ...options, ids: [40, 41, 42, 43], context: 4, batch: 1 })(0);
  expect(targets).toEqual(Int32Array.of(40, 41, 42, 43));
});

test("what may not be masked parts a word", () => {
  const batches = maskedBatches({
    ...options,
    rate: 0.6,
    ids: [40, 41, 42, 43],
    context: 4,
    batch: 1,
    maskable: (id) => id !== 41,
  });
  const kinds = new Set(Array.from({ length: 30 }, (_, step) => Array.from(batches(step).targets).join()));
  expect([...kinds].sort()).toEqual(["-100,-100,42,43", "40,-100,-100,-100"]);
});

const sample = 'The unhappy tortoise said, "Unhappily I lost the tortoiseshell." It wasn\'t there: tortoises!';
const groups = (tokenizer: ReturnType<typeof huggingFaceTokenizer>): string[] => {
  const continues = continuesWord(tokenizer);
  const ids = tokenizer.encode(sample);
  const words: number[][] = [];
  ids.forEach((id, i) => {
    if (i > 0 && continues(id, ids[i - 1]!)) words.at(-1)!.push(id);
    else words.push([id]);
  });
  expect(words.length).toBeLessThan(ids.length);
  return words.map((word) => tokenizer.decode(word).trim());
};

test("continuesWord finds the words of word pieces and of byte-level pairs", async () => {
  const pieces = huggingFaceTokenizer(await trainWordPieces([sample], { maximumSize: 64 }));
  const words = sample.toLowerCase().match(/\w+|[^\w\s]/g);
  expect(groups(pieces)).toEqual(words);
  const pairs = huggingFaceTokenizer(await trainBytePairs([sample], { maximumSize: 270 }));
  const joined = groups(pairs);
  for (const word of ["The", "unhappy", "tortoise", "said", "Unhappily", "tortoiseshell", "tortoises"]) {
    expect(joined).toContain(word);
  }
  expect(joined).not.toContain('"Unhappily');
});

test("a tokenizer that says nothing of its pieces is refused", () => {
  expect(() => continuesWord({ isWord: () => true })).toThrow(
    "continuesWord: this tokenizer does not say what its tokens write (it has no `pieces`). Take one made from a tokenizer.json, or pass a function of your own as `continues`.",
  );
});
