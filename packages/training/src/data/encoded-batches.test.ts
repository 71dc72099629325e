import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { labelledBatches, type LabelledText } from "./labelled-batches.ts";
import { pairBatches } from "./pair-batches.ts";
import { taggedBatches } from "./tagged-batches.ts";

// Text i has i + 1 tokens, each of which is i + 1 (0 is padding), and class i; every third has two segments.
const idsOf = (i: number): number[] => new Array<number>(i + 1).fill(i + 1);
const texts = Array.from({ length: 10 }, (_, i) => ({
  ids: idsOf(i),
  label: i,
  ...(i % 3 === 2 && { segments: idsOf(i).map((_, place) => (place > 0 ? 1 : 0)) }),
}));
const options = { rows: 4, random: random(1) };

test("each text comes once in an epoch with its label and segments, among texts of its length", () => {
  const batches = labelledBatches({ texts, ...options });
  expect(batches.perEpoch).toBe(3);
  const seen: number[] = [];
  for (let step = 0; step < 3; step++) {
    const { inputs, labels, segments, shape, lengths } = batches(step);
    const [rows, length] = shape;
    expect(labels).toBeInstanceOf(Int32Array);
    for (let row = 0; row < rows; row++) {
      const i = labels[row]!;
      seen.push(i);
      const own = <T>(all: ArrayLike<T>): T[] => Array.from(all).slice(row * length, (row + 1) * length);
      const filler = new Array<number>(length - i - 1).fill(0);
      expect(own(inputs)).toEqual([...texts[i]!.ids, ...filler]);
      expect(lengths?.[row] ?? length).toBe(i + 1);
      if (segments !== undefined)
        expect(own(segments)).toEqual([...(texts[i]!.segments ?? idsOf(i).map(() => 0)), ...filler]);
      else expect(texts[i]!.segments).toBeUndefined();
    }
    expect(length - Math.min(...(lengths ?? [length]))).toBeLessThan(4);
  }
  expect(seen.sort((a, b) => a - b)).toEqual(texts.map((_, i) => i));
  expect(batches(1)).toEqual(labelledBatches({ texts, ...options })(1));
});

test("texts without segments have none, and numbers come as floats, several for each text", () => {
  const numbers = texts.map(({ ids }, i) => ({ ids, numbers: [i + 0.5, -i] }));
  const { labels, shape, inputs, ...rest } = labelledBatches({ texts: numbers, ...options })(0);
  expect("segments" in rest).toBe(false);
  expect(labels).toBeInstanceOf(Float32Array);
  for (let row = 0; row < shape[0]; row++) {
    const i = inputs[row * shape[1]]! - 1;
    expect([...labels.subarray(2 * row, 2 * row + 2)]).toEqual([i + 0.5, -i]);
  }
});

test("tags stand where their tokens do, and nothing is asked of padding", () => {
  const tagged = texts.map(({ ids }, i) => ({ ids, tags: ids.map((_, place) => (place === 0 ? -100 : i)) }));
  const { inputs, targets } = taggedBatches({ texts: tagged, ...options, rows: 10 })(0);
  inputs.forEach((id, place) => {
    const begins = id !== 0 && inputs[place - 1] !== id;
    expect(targets[place]).toBe(id === 0 || begins ? -100 : id - 1);
  });
  expect(targets.filter((tag) => tag !== -100)).toHaveLength(45);
});

test("pairs stay pairs, each side as long as its longest", () => {
  const pairs = texts.map((first, i) => ({ first, second: { ids: [i + 1, 99] } }));
  const batches = pairBatches({ pairs, ...options });
  for (let step = 0; step < batches.perEpoch; step++) {
    const { first, second } = batches(step);
    expect(second.shape).toEqual([first.shape[0], 2]);
    for (let row = 0; row < first.shape[0]; row++) {
      expect(first.inputs[row * first.shape[1]]).toBe(second.inputs[row * 2]);
    }
  }
});

test("what they cannot work with is refused by name", () => {
  const make = (...texts: LabelledText[]) => labelledBatches({ texts, ...options });
  expect(() => make({ ids: [], label: 1 })).toThrow(
    "labelledBatches: text 0 has no tokens; leave it out, or encode it with special tokens",
  );
  expect(() => make({ ids: [1], label: 0 }, { ids: [1, 2], segments: [0], label: 0 })).toThrow(
    "labelledBatches: text 1 has 2 tokens and 1 segments; give one for each token",
  );
  expect(() => make({ ids: [1], label: 0.5 })).toThrow(
    "labelledBatches: the label of text 0 must be a class, a whole number from 0 up, or -100 for none, got 0.5; numbers to be told go by the name of numbers",
  );
  expect(() => make({ ids: [1], label: 1 }, { ids: [1], numbers: [1] })).toThrow(
    "labelledBatches: 1 texts have a label and 1 have numbers; make batches of each kind",
  );
  expect(() => make({ ids: [1], numbers: [1] }, { ids: [1], numbers: [1, 2] })).toThrow(
    "labelledBatches: the numbers of text 1 must be finite, and as many as the first text has, at least one; got [1, 2], and the first has 1",
  );
  expect(() => make({ ids: [-1], label: 0 })).toThrow("labelledBatches: text 0: token id -1 at place 0");
  expect(() => make({ ids: [1], label: 1 }, { ids: [1] } as unknown as LabelledText)).toThrow(
    "labelledBatches: text 1 has neither a label nor numbers; leave it out, or give it the label -100",
  );
  expect(() => make()).toThrow("labelledBatches: there is no text");
  expect(() => taggedBatches({ texts: [{ ids: [1, 2], tags: [0, 1] }], tokens: 1, random: random(1) })).toThrow(
    "taggedBatches: text 0 takes 2 positions, and a batch may have 1",
  );
  expect(() => pairBatches({ pairs: [], random: random(1) })).toThrow(
    "pairBatches: nothing says how large a batch is; give tokens",
  );
  expect(() => taggedBatches({ texts: [{ ids: [1], tags: [] }], ...options })).toThrow(
    "taggedBatches: text 0 has 1 tokens and 0 tags",
  );
  expect(() => taggedBatches({ texts: [{ ids: [1], tags: [-1] }], ...options })).toThrow(
    "taggedBatches: text 0: tag -1 at place 0 must be a whole number from 0 up, or -100 for none",
  );
  expect(() => pairBatches({ pairs: [{ first: { ids: [1] }, second: { ids: [] } }], ...options })).toThrow(
    "pairBatches: second text of pair 0 has no tokens",
  );
});
