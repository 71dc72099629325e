import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Batch } from "./batch.ts";
import { bestFit } from "./best-fit.ts";
import { documentBatches } from "./document-batches.ts";
import type { DocumentBatchesOptions } from "./document-rows.ts";
import type { EpochBatches } from "./epoch-batches.ts";
import { packedBatches } from "./packed-batches.ts";

const [begin, end, context] = [1, 2, 16];
/** 80 documents of 1 to 40 tokens. */
const documents = Array.from({ length: 80 }, (_, i) => {
  const draw = random(7).fork(i);
  return Array.from({ length: 1 + Math.floor(40 * draw.uniform() ** 2) }, () => 3 + draw.integer(50));
});
const short = documents.filter(({ length }) => length < context);
const base = { documents, context, tokens: 64, begin, end, random: random(1), tooLong: "split" } as const;
const makers = { documentBatches, packedBatches };
const both = Object.entries(makers);

const epoch = (batches: EpochBatches<Batch>, n = 0): Batch[] =>
  Array.from({ length: batches.perEpoch }, (_, i) => batches(n * batches.perEpoch + i));

/** What is read and asked for of each document or piece, after the padding was checked. */
function rowsIn({ inputs, targets, lengths, documents, shape: [rows, width] }: Batch): string[] {
  return Array.from({ length: rows }, (_, row) => {
    const part = (all: Int32Array): number[] => [...all.subarray(row * width, (row + 1) * width)];
    const [read, asked, numbers] = [inputs, targets, documents ?? new Int32Array(inputs.length)].map(part);
    const length = lengths?.[row] ?? width;
    expect([read!.slice(length), asked!.slice(length)]).toEqual([0, -100].map((id) => Array(width - length).fill(id)));
    const last = numbers![length - 1]!;
    if (documents !== undefined) expect(numbers!.slice(length).every((number) => number === last + 1)).toBe(true);
    return Array.from({ length: last + 1 }, (_, number) => {
      const [first, stop] = [numbers!.indexOf(number), numbers!.lastIndexOf(number, length - 1) + 1];
      expect(numbers!.slice(first, stop).every((other) => other === number)).toBe(true);
      return JSON.stringify([read!.slice(first, stop), asked!.slice(first, stop)]);
    });
  }).flat();
}

/** The same of documents between their marks, cut where a row is full. */
function expected(some: readonly number[][], marks: Pick<DocumentBatchesOptions, "begin" | "end"> = { begin, end }) {
  return some.flatMap((document) => {
    const text = [
      ...(marks.begin === undefined ? [] : [begin]),
      ...document,
      ...(marks.end === undefined ? [] : [end]),
    ];
    const pieces: string[] = [];
    for (let at = 0; at < text.length - 1; at += context) {
      const stop = Math.min(at + context, text.length - 1);
      pieces.push(JSON.stringify([text.slice(at, stop), text.slice(at + 1, stop + 1)]));
    }
    return pieces;
  });
}

test.each(both)("%s: every token of every document is asked for once in an epoch, long ones in pieces", (_, make) => {
  const batches = make(base);
  for (const n of [0, 3]) expect(epoch(batches, n).flatMap(rowsIn).sort()).toEqual(expected(documents).sort());
  for (const { shape } of epoch(batches)) expect(shape[0] * shape[1]).toBeLessThanOrEqual(64);
});

test.each(both)("%s: without marks, the first token is not asked for, and the last reads nothing", (_, make) => {
  const some = documents.filter(({ length }) => length > 1);
  const found = epoch(make({ ...base, documents: some, begin: undefined, end: undefined })).flatMap(rowsIn);
  expect(found.sort()).toEqual(expected(some, {}).sort());
});

test.each(both)("%s: a pure function of the step, shuffled by its seed and anew in each epoch", (_, make) => {
  const batches = make(base);
  const steps = [5, 0, 3 * batches.perEpoch, 5];
  const seen = steps.map((step) => batches(step));
  expect(seen[3]).toEqual(seen[0]);
  expect(steps.map((step) => make(base)(step))).toEqual(seen);
  expect(seen[2]).not.toEqual(seen[1]);
  expect(make({ ...base, random: random(2) })(5)).not.toEqual(seen[0]);
});

test("packed rows hold nearly no padding, and one batch at most has fewer rows", () => {
  const batches = epoch(packedBatches(base));
  const positions = batches.reduce((sum, { inputs }) => sum + inputs.length, 0);
  const asked = batches.reduce((sum, { targets }) => sum + targets.filter((id) => id >= 0).length, 0);
  expect(asked / positions).toBeGreaterThan(0.97);
  expect(batches.filter(({ shape }) => shape[0] < 4).length).toBeLessThanOrEqual(1);
  expect(batches.every(({ shape }) => shape[1] === context)).toBe(true);
});

test("rows that are full have no lengths, and a document alone has the number 0", () => {
  const full = packedBatches({ ...base, documents: [[5, 6, 7]], context: 4, tokens: 4 })(0);
  expect(full).toEqual({
    inputs: Int32Array.of(1, 5, 6, 7),
    targets: Int32Array.of(5, 6, 7, 2),
    documents: new Int32Array(4),
    shape: [1, 4],
  });
});

test("best fit goes where the least room is left", () => {
  expect(bestFit([6, 5, 4, 3, 2], 10)).toEqual([
    [0, 2],
    [1, 3, 4],
  ]);
  expect(bestFit([4, 4, 4], 4)).toEqual([[0], [1], [2]]);
  expect(bestFit([], 4)).toEqual([]);
});

test.each(both)("%s: what cannot be batched is refused", (name, make) => {
  const made = (change: Partial<DocumentBatchesOptions>) => () => make({ ...base, documents: short, ...change });
  expect(made({ documents: [[5], Array.from({ length: 20 }, () => 5)], tooLong: undefined })).toThrow(
    `${name}: document 1 takes 21 positions, and a row has 16. Raise context, shorten or leave out the document, or let tooLong be "split".`,
  );
  const nothing = "so that nothing in it is predicted from another. Leave it out, or give begin and end.";
  expect(made({ documents: [[5, 6], [5]], begin: undefined, end: undefined })).toThrow(
    `${name}: document 1 has one token, ${nothing}`,
  );
  expect(made({ documents: [[]], end: undefined })).toThrow(`${name}: document 0 has no token, ${nothing}`);
  expect(made({ documents: [] })).toThrow(`${name}: there is no document`);
  expect(made({ documents: [[5, -1]] })).toThrow(`${name}: document 0: token id -1 at place 1 is out of range`);
  expect(made({ end: 0.5 })).toThrow(`${name}: end must be an id, a whole number from 0 up, got 0.5`);
  expect(made({ begin: -1 })).toThrow(`${name}: begin must be an id`);
  expect(made({ tooLong: "cut" as "split" })).toThrow(`${name}: tooLong must be "refuse" or "split", got "cut"`);
  expect(made({ context: 0 })).toThrow(`${name}: context must be a whole number from 1 up`);
  expect(made({ tokens: 0 })).toThrow(`${name}: tokens must be a whole number from 1 up`);
});

test("fewer tokens than a row needs are refused", () => {
  expect(() => packedBatches({ ...base, tokens: 15 })).toThrow(
    "packedBatches: a row has 16 positions, and a batch may have 15; raise tokens, or lower context",
  );
  expect(() => documentBatches({ ...base, tokens: 15 })).toThrow(
    "documentBatches: a document takes 16 positions, and a batch may have 15; raise tokens, or lower context to have it refused or split",
  );
});
