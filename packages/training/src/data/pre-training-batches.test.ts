import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { preTrainingBatches, type PreTrainingBatchesOptions } from "./pre-training-batches.ts";

const [mask, begin, separator] = [0, 1, 2];
// A token tells all of itself: document, sentence and place.
const idOf = (document: number, sentence: number, place: number): number => 10 + document * 100 + sentence * 10 + place;
const documents = Array.from({ length: 5 }, (_, document) =>
  Array.from({ length: 6 }, (_, sentence) =>
    Array.from({ length: 3 + ((document + sentence) % 4) }, (_, place) => idOf(document, sentence, place)),
  ),
);
const options = { documents, context: 24, batch: 8, random: random(1), vocabulary: 510, mask, begin, separator };
const make = (change: Partial<PreTrainingBatchesOptions> = {}) => preTrainingBatches({ ...options, ...change });

/** Takes a row apart again, its masked tokens put back. */
function read(batch: ReturnType<ReturnType<typeof make>>, row: number) {
  const [, t] = batch.shape;
  const length = batch.lengths[row]!;
  const at = row * t;
  const original = Array.from({ length: t }, (_, i) =>
    batch.targets[at + i] === -100 ? batch.inputs[at + i]! : batch.targets[at + i]!,
  );
  const segments = Array.from(batch.segments.subarray(at, at + t));
  const middle = original.indexOf(separator);
  expect(original[0]).toBe(begin);
  expect(original[length - 1]).toBe(separator);
  expect(original.filter((id) => id === separator)).toHaveLength(2);
  expect(original.slice(length).every((id) => id === 0)).toBe(true);
  expect(segments).toEqual(segments.map((_, i) => (i > middle && i < length ? 1 : 0)));
  for (const i of [0, middle, length - 1]) expect(batch.targets[at + i]).toBe(-100);
  return { first: original.slice(1, middle), second: original.slice(middle + 1, length - 1), length };
}
const documentOf = (id: number): number => Math.floor((id - 10) / 100);
const flat = documents.map((sentences) => sentences.flat());
const isPieceOf = (ids: readonly number[], document: number): boolean => {
  const from = flat[document]!.indexOf(ids[0]!);
  return from >= 0 && ids.every((id, i) => flat[document]![from + i] === id);
};

test("half of the rows hold what follows, half a piece of another document, and both are pieces", () => {
  const batches = make();
  let follow = 0;
  let whole = 0;
  const firstTokens = new Set<number>();
  for (let step = 0; step < 200; step++) {
    const batch = batches(step);
    for (let row = 0; row < 8; row++) {
      const { first, second, length } = read(batch, row);
      const document = documentOf(first[0]!);
      firstTokens.add(first[0]!);
      expect(isPieceOf(first, document)).toBe(true);
      expect(isPieceOf(second, documentOf(second[0]!))).toBe(true);
      if (batch.labels[row] === 0) {
        follow++;
        expect(documentOf(second[0]!)).toBe(document);
        const gap = flat[document]!.indexOf(second[0]!) - flat[document]!.indexOf(first.at(-1)!);
        expect(gap).toBeGreaterThan(0); // more than one where the ends were cut
        if (length < 24) expect(gap).toBe(1);
      } else expect(documentOf(second[0]!)).not.toBe(document);
      if (length === 24) whole++;
    }
  }
  expect(Math.abs(follow / 1600 - 0.5)).toBeLessThan(0.05); // four standard deviations
  expect(whole).toBeGreaterThan(500);
  expect(firstTokens.size).toBeGreaterThan(40);
});

test("15 % of the tokens of both pieces are asked for, and a share of the rows is short", () => {
  const chosen = (shortShare: number): { share: number; length: number } => {
    const batches = make({ shortShare });
    const sum = { asked: 0, tokens: 0 };
    for (let step = 0; step < 50; step++) {
      const { targets, lengths } = batches(step);
      sum.asked += targets.filter((id) => id !== -100).length;
      sum.tokens += lengths.reduce((total, length) => total + length - 3, 0);
    }
    return { share: sum.asked / sum.tokens, length: sum.tokens / 400 };
  };
  expect(chosen(0).share).toBeCloseTo(0.15, 1);
  expect(chosen(0).length).toBeGreaterThan(chosen(1).length + 4);
});

test("a batch is a pure function of the step", () => {
  const batches = make();
  const fifth = batches(5);
  batches(6);
  expect(batches(5)).toEqual(fifth);
  expect(make()(5)).toEqual(fifth);
  expect(batches(6)).not.toEqual(fifth);
});

test("sentences longer than the context are cut at both ends, and nothing is left empty", () => {
  const long = [0, 1].map((document) =>
    [0, 1].map((sentence) => Array.from({ length: 9 }, (_, i) => idOf(document, sentence, i))),
  );
  const batches = make({ documents: long, context: 5 });
  const starts = new Set<number>();
  for (let step = 0; step < 30; step++) {
    const batch = batches(step);
    for (let row = 0; row < 8; row++) {
      const { first, second } = read(batch, row);
      expect([first.length, second.length]).toEqual([1, 1]);
      starts.add((first[0]! - 10) % 10);
    }
  }
  expect(starts.size).toBeGreaterThan(4);
});

test("whole words and what may be masked are kept to; the frame is never masked, and never replaces", () => {
  const batches = make({ rate: 1, maskable: (id) => id !== idOf(0, 0, 0) });
  for (let step = 0; step < 10; step++) {
    const { inputs, targets } = batches(step);
    expect(targets).not.toContain(idOf(0, 0, 0));
    inputs.forEach((id, i) => targets[i] !== -100 && expect([begin, separator]).not.toContain(id));
  }
  const { targets } = make({ continues: () => true, batch: 1 })(0);
  // Each piece is then one word, so one of the two is asked for, or the shorter as much as there is room for.
  expect(targets.some((id) => id !== -100)).toBe(true);
});

test("what it cannot work with is refused by name", () => {
  expect(() => make({ context: 4 })).toThrow("a context of 4 has no room for two tokens between three of the frame");
  expect(() => make({ documents: documents.slice(0, 1) })).toThrow(
    "preTrainingBatches: to tell what follows from what does not takes two documents, one of them with two sentences; got 1 with 6 in all",
  );
  expect(() => make({ documents: [[[5]], [[6]]] })).toThrow("got 2 with 2 in all");
  expect(() => make({ documents: [[[5], []], [[6]]] })).toThrow("sentence 1 of document 0 is empty; leave it out");
  expect(() => make({ documents: [[[5], [510]], [[6]]] })).toThrow(
    "preTrainingBatches: sentence 1 of document 0: token id 510 at place 0",
  );
  expect(() => make({ begin: -1 })).toThrow("preTrainingBatches: begin must be an id of the vocabulary");
  expect(() => make({ mask: 510 })).toThrow("preTrainingBatches: mask must be an id of the vocabulary");
  expect(() => make({ rate: 2 })).toThrow("preTrainingBatches: rate must be above 0 and at most 1, got 2");
  expect(() => make({ shortShare: -1 })).toThrow("preTrainingBatches: shortShare must be at least 0 and at most 1");
});
