import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { noiseCounts, noiseSpans } from "./noise-spans.ts";
import { spanCorruptionBatches, type SpanCorruptionBatchesOptions } from "./span-corruption-batches.ts";

const [begin, end] = [0, 1];
const sentinels = Array.from({ length: 20 }, (_, i) => 999 - i);
const text = Int32Array.from({ length: 400 }, (_, i) => 10 + i);
const base = { ids: text, context: 100, batch: 4, random: random(1), sentinels, begin, end };
const make = (change: Partial<SpanCorruptionBatchesOptions> = {}) => spanCorruptionBatches({ ...base, ...change });
const isSentinel = (id: number): boolean => sentinels.includes(id);

test("what is left and what is gone make the text again, with the sentinels in order in both", () => {
  const batches = make();
  for (let step = 0; step < 10; step++) {
    const { source, inputs, targets, lengths, shape } = batches(step);
    // 15 of 100 tokens in 5 spans: 85 + 5 + end, and 15 + 5 + end.
    expect([source.shape, shape, source.lengths, lengths]).toEqual([[4, 91], [4, 21], undefined, undefined]);
    for (let row = 0; row < 4; row++) {
      const left = [...source.inputs.subarray(row * 91, (row + 1) * 91)];
      const gone = [...targets.subarray(row * 21, (row + 1) * 21)];
      expect([...inputs.subarray(row * 21, (row + 1) * 21)]).toEqual([begin, ...gone.slice(0, -1)]);
      expect([left.pop(), gone.pop()]).toEqual([end, end]);
      expect(left.filter(isSentinel)).toEqual(sentinels.slice(0, 5));
      expect(gone.filter(isSentinel)).toEqual(sentinels.slice(0, 5));
      expect(isSentinel(left[0]!)).toBe(false);
      expect(isSentinel(left.at(-1)!)).toBe(true);
      const spans = gone.join(" ").split(/ ?\b9[89]\d\b ?/u); // what follows each sentinel
      expect(spans.shift()).toBe("");
      const whole = left.flatMap((id) => (isSentinel(id) ? spans.shift()!.split(" ").map(Number) : [id]));
      expect(whole).toEqual(Array.from({ length: 100 }, (_, i) => left[0]! + i));
    }
  }
});

test("a pure function of the step", () => {
  const batches = make();
  const fifth = batches(5);
  batches(6);
  expect(batches(5)).toEqual(fifth);
  expect(batches(6)).not.toEqual(fifth);
  expect(make({ random: random(2) })(5)).not.toEqual(fifth);
});

test("as many tokens and spans as T5 takes", () => {
  // random_spans_noise_mask rounds as NumPy does, halves to even, and keeps a token of either kind.
  expect(noiseCounts(512, 0.15, 3)).toEqual({ tokens: 77, spans: 26 });
  expect(noiseCounts(30, 0.15, 3)).toEqual({ tokens: 4, spans: 1 });
  expect(noiseCounts(50, 0.15, 3)).toEqual({ tokens: 8, spans: 3 });
  expect(noiseCounts(3, 0.15, 3)).toEqual({ tokens: 1, spans: 1 });
  expect(noiseCounts(4, 0.99, 3)).toEqual({ tokens: 3, spans: 1 });
  expect(noiseCounts(10, 0.9, 1)).toEqual({ tokens: 9, spans: 1 }); // no more spans than there is text between them
});

test("every way to divide noise and text is equally likely", () => {
  const counts = { tokens: 4, spans: 2 };
  const drawn = 8000;
  const stream = random(3);
  const found = new Map<string, number>();
  for (let i = 0; i < drawn; i++) {
    const mask = new Array<string>(9).fill("-");
    for (const { first, end } of noiseSpans(9, counts, stream)) mask.fill("x", first, end);
    const key = mask.join("");
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  // 4 noise in 2 parts, 3 ways; 5 text in 2 parts, 4 ways.
  expect(found.size).toBe(12);
  for (const [mask, times] of found) {
    expect(mask).toMatch(/^-+x+-+x+$/);
    expect(Math.abs(times - drawn / 12)).toBeLessThan(4 * Math.sqrt((drawn / 12) * (11 / 12)));
  }
});

test("what cannot be corrupted is refused", () => {
  expect(() => make({ sentinels: [999, 998, 997, 996] })).toThrow(
    "spanCorruptionBatches: a window has 5 spans, and there are 4 sentinels; give more, or use a shorter context, a lower rate or longer spans",
  );
  expect(() => make({ sentinels: [5, 5, 6, 7, 8] })).toThrow("spanCorruptionBatches: two sentinels have the same id");
  expect(() => make({ sentinels: [1, 2, 3, 4, 13] })).toThrow(
    "spanCorruptionBatches: the text has the id 13 at place 3, which is a sentinel's; give sentinels that the tokenizer never says",
  );
  expect(() => make({ context: 1 })).toThrow("spanCorruptionBatches: a window of 1 cannot be both text and noise");
  expect(() => make({ context: 401 })).toThrow("it has 400 tokens, and a window of 401 needs 401");
  for (const rate of [0, 1, NaN])
    expect(() => make({ rate })).toThrow(`spanCorruptionBatches: rate must be above 0 and below 1, got ${rate}`);
  expect(() => make({ meanSpan: 0 })).toThrow("spanCorruptionBatches: meanSpan must be a finite number above 0, got 0");
  expect(() => make({ end: -1 })).toThrow("spanCorruptionBatches: end must be an id, a whole number from 0 up, got -1");
});
