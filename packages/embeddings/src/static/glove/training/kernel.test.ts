import { assembleWasm, hasFarMemory, newMemory } from "@tenon/wasm-assembler";
import { random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { golden } from "../../../../test/glove/golden.ts";
import { gloveKernel } from "./kernel.ts";
import { weightOf } from "../weighting.ts";
import { type PairsResult, type StepSize, trainPairs } from "./reference.ts";
import { type RowLayout, rowLayout } from "./row-layout.ts";

const step = { rate: 0.05, clip: 100 };

/** Pairs as the training reads them. */
function pairsOf(list: readonly (readonly [word: number, context: number, log: number, weight: number])[]) {
  const integers = new Int32Array(4 * list.length);
  const floats = new Float32Array(integers.buffer);
  list.forEach(([word, context, log, weight], n) => {
    integers.set([word, context], 4 * n);
    floats.set([log, weight], 4 * n + 2);
  });
  return { integers, floats };
}

/** The kernel, called as the reference is; `far`: with addresses of 64 bits. */
function runKernel(
  rows: Float32Array,
  layout: RowLayout,
  pairs: Int32Array,
  { rate, clip }: StepSize,
  far = false,
): PairsResult {
  const limits = { initialPages: 4, maximumPages: 4, shared: false, far };
  const memory = newMemory(4, limits);
  const module = new WebAssembly.Module(assembleWasm([gloveKernel(layout, 65_536)], limits));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const inMemory = new Float32Array(memory.buffer, 65_536, rows.length);
  inMemory.set(rows);
  new Int32Array(memory.buffer, 64).set(pairs);
  (exports["trainPairs"] as (...n: number[]) => void)(64, 64 + pairs.byteLength, rate, clip, 16, 24);
  rows.set(inMemory);
  return { loss: new Float64Array(memory.buffer, 16, 1)[0]!, skipped: new Int32Array(memory.buffer, 24, 1)[0]! };
}

/** Rows of random numbers; what pads them is as it is in a training. */
function randomRows(layout: RowLayout, seed: number): Float32Array {
  const dice = random(seed);
  const rows = new Float32Array(layout.length);
  for (let from = 0; from < rows.length; from += layout.row) {
    rows.fill(1, from + layout.padded, from + 2 * layout.padded);
    for (let i = 0; i < layout.width; i++) {
      rows[from + i] = dice.normal();
      rows[from + layout.padded + i] = 1 + dice.uniform();
    }
    rows.set([dice.normal(), 1 + dice.uniform()], from + 2 * layout.padded);
  }
  return rows;
}

test("the kernel computes what the reference does, of all widths", () => {
  for (const width of [1, 3, 4, 7, 16, 20, 33]) {
    const layout = rowLayout(5, width);
    const dice = random(width);
    const pairs = pairsOf(
      Array.from({ length: 40 }, () => [dice.integer(5), dice.integer(5), dice.normal(), dice.uniform()]),
    );
    for (const size of [step, { rate: 0.3, clip: 0.2 }]) {
      const [expected, found] = [randomRows(layout, 7), randomRows(layout, 7)];
      const result = trainPairs(expected, layout, pairs, size);
      const ofKernel = runKernel(found, layout, pairs.integers, size);
      expect(result.loss).toBeGreaterThan(1);
      expect(Math.abs(ofKernel.loss / result.loss - 1)).toBeLessThan(1e-5);
      expect(ofKernel.skipped).toBe(0);
      expected.forEach((x, i) => expect(Math.abs(found[i]! - x)).toBeLessThan(1e-5 * Math.max(1, Math.abs(x))));
    }
  }
});

test.skipIf(!hasFarMemory())("addresses of 64 bits change nothing", () => {
  const layout = rowLayout(3, 10);
  const pairs = pairsOf([
    [0, 2, 0.5, 1],
    [2, 2, -1, 0.25],
    [1, 0, 2, 0.75],
  ]);
  const [near, far] = [randomRows(layout, 1), randomRows(layout, 1)];
  const expected = runKernel(near, layout, pairs.integers, step);
  expect(runKernel(far, layout, pairs.integers, step, true)).toEqual(expected);
  expect(far).toEqual(near);
});

test("three iterations of the original program, with and without clipped gradients", () => {
  const records = golden.counts[0]!.records;
  for (const { width, rate, clip, losses, initial, final, squares, ...weighting } of golden.trained) {
    const layout = rowLayout(golden.vocabulary.length, width);
    /** Where the n-th number of the original's arrays is: a vector and its bias, one after the other. */
    const place = (n: number): number => {
      const [row, i] = [Math.floor(n / (width + 1)), n % (width + 1)];
      return row * layout.row + (i === width ? 2 * layout.padded : i);
    };
    const squareOf = (n: number): number => place(n) + (n % (width + 1) === width ? 1 : layout.padded);
    const pairs = pairsOf(records.map(([i, j, x]) => [i, j, Math.log(x), weightOf(x, weighting)]));
    const train = [
      (rows: Float32Array) => trainPairs(rows, layout, pairs, { rate, clip }),
      (rows: Float32Array) => runKernel(rows, layout, pairs.integers, { rate, clip }),
    ];
    for (const iteration of train) {
      const rows = new Float32Array(layout.length).fill(1);
      for (let at = 0; at < rows.length; at += layout.row) rows.fill(0, at, at + layout.padded);
      initial.forEach((x, n) => (rows[place(n)] = x));
      for (const loss of losses) expect(iteration(rows).loss / records.length).toBeCloseTo(loss, 5);
      final.forEach((x, n) => expect(rows[place(n)]).toBeCloseTo(x, 4));
      squares.forEach((x, n) => expect(Math.abs(rows[squareOf(n)]! / x - 1)).toBeLessThan(1e-4));
    }
  }
});

test("a step goes down the loss: central differences", () => {
  // Where all sums of squares are 1 and nothing is clipped, a vector moves by rate · gradient, and a bias by the gradient.
  const layout = rowLayout(2, 5);
  const before = randomRows(layout, 3);
  for (let at = 0; at < before.length; at += layout.row) {
    before.fill(1, at + layout.padded, at + 2 * layout.padded);
    before[at + 2 * layout.padded + 1] = 1;
  }
  const pairs = pairsOf([[1, 0, 0.7, 0.4]]);
  const lossOf = (rows: Float32Array): number => {
    const at = [layout.row, 2 * layout.row]; // of word 1, and of context 0
    const [w, c] = at.map((from) => rows.subarray(from, from + layout.width));
    const error = w!.reduce((sum, x, i) => sum + x * c![i]!, 0) - Math.fround(0.7);
    return 0.5 * Math.fround(0.4) * (error + rows[at[0]! + 16]! + rows[at[1]! + 16]!) ** 2;
  };
  const after = before.slice();
  expect(runKernel(after, layout, pairs.integers, step).loss).toBeCloseTo(lossOf(before), 5);
  let moved = 0;
  before.forEach((x, n) => {
    const i = n % layout.row;
    if (i >= layout.width && i !== 16) return; // padding and sums of squares
    const [up, down] = [before.slice(), before.slice()];
    up[n] = x + 2 ** -7;
    down[n] = x - 2 ** -7;
    const gradient = (lossOf(up) - lossOf(down)) / (up[n] - down[n]);
    expect((x - after[n]!) / (i === 16 ? 1 : step.rate)).toBeCloseTo(gradient, 4);
    if (gradient !== 0) moved++;
  });
  expect(moved).toBe(12);
});

test("a pair without a finite loss changes nothing and is counted", () => {
  const layout = rowLayout(2, 6);
  const pairs = pairsOf([
    [0, 1, 0.5, 1],
    [1, 1, NaN, 1],
    [1, 0, -Infinity, 0.5],
  ]);
  for (const train of [
    (rows: Float32Array) => trainPairs(rows, layout, pairs, step),
    (rows: Float32Array) => runKernel(rows, layout, pairs.integers, step),
  ]) {
    const rows = randomRows(layout, 1);
    const untouched = rows.slice(layout.row, 3 * layout.row);
    const { loss, skipped } = train(rows);
    expect(skipped).toBe(2);
    expect(Number.isFinite(loss)).toBe(true);
    expect(rows.slice(layout.row, 3 * layout.row)).toEqual(untouched);
  }
});
