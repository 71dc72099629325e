// What holds for both recurrent translators.
import { checkGradients, trace } from "@tenon/nn";
import { concat, cpu, crossEntropy, reshape, scoped, type Backend, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { expectClose, refusal, someIds, upload, whole } from "../../test/models.ts";
import { sizes, translator, translators } from "../../test/translators.ts";
import type { RecurrentTranslator } from "./recurrent-translator.ts";

const [b, s, t, v] = [3, 5, 7, sizes.vocabulary];
const source = someIds(sizes.sourceVocabulary, b * s, 2);
const target = someIds(v, b * t, 3);
const lengths = [5, 1, 3];
const double = (): Backend => cpu({ precision: "f64" });
const columns = (all: readonly number[], width: number, from: number, to: number): number[] =>
  all.filter((_, i) => i % width >= from && i % width < to);
const rowOf = (all: ArrayLike<number>, row: number, size: number): number[] =>
  Array.from(all).slice(row * size, (row + 1) * size);

function logitsOf(model: RecurrentTranslator, ids = source, counts: readonly number[] = lengths): Tensor {
  const on = model.backend;
  return scoped(() =>
    model.forward(upload(ids, b, on), upload(target, b, on), { sourceLengths: whole(counts, [b], on) }),
  );
}

describe.each(translators)("%s", (name) => {
  test("a padded source says what it says alone, whatever the padding holds", async () => {
    const on = double();
    const model = await translator(name, on);
    const padded = await logitsOf(model).read();
    const noise = source.map((id, i) => (i % s < lengths[Math.floor(i / s)]! ? id : (id + 4) % sizes.sourceVocabulary));
    expect(noise).not.toEqual(source);
    expect(await logitsOf(model, noise).read()).toEqual(padded);
    for (const [row, length] of lengths.entries()) {
      const alone = model.forward(
        upload(rowOf(source, row, s).slice(0, length), 1, on),
        upload(rowOf(target, row, t), 1, on),
      );
      expectClose(rowOf(padded, row, t * v), await alone.read(), 1e-12);
    }
    expect(await logitsOf(model, source, [5, 5, 5]).read()).not.toEqual(padded);
  });

  test("what is said depends on no later token, and on every earlier one", async () => {
    const model = await translator(name, double());
    const before = await logitsOf(model).read();
    const other = target.map((id, i) => (i % t === 3 ? (id + 1) % v : id));
    const on = model.backend;
    const after = await model
      .forward(upload(source, b, on), upload(other, b, on), { sourceLengths: whole(lengths, [b], on) })
      .read();
    const touched = new Set([...before.keys()].filter((i) => before[i] !== after[i]).map((i) => Math.floor(i / v) % t));
    expect([...touched].toSorted()).toEqual([3, 4, 5, 6]);
  });

  test("cached equals uncached, however the target is cut", async () => {
    const on = double();
    const model = await translator(name, on);
    const expected = await logitsOf(model).read();
    using read = model.encode(upload(source, b, on), { lengths: whole(lengths, [b], on) });
    for (const sizes of [[7], [3, 1, 2, 1], [1, 1, 1, 1, 1, 1, 1]]) {
      using cache = read.cache();
      const chunks = sizes.map((size) => {
        const ids = columns(target, t, cache.length, cache.length + size);
        return read.logits(read.states(upload(ids, b, on), cache));
      });
      expectClose(await concat(chunks, 1).read(), expected, 1e-12);
      expect(cache.length).toBe(t);
    }
    using cache = read.cache();
    for (const [from, to] of [
      [0, 4],
      [4, 5],
    ] as const) {
      const next = await read.next(upload(columns(target, t, from, to), b, on), cache).read();
      for (let row = 0; row < b; row++)
        expectClose(rowOf(next, row, v), rowOf(rowOf(expected, row, t * v), to - 1, v), 1e-12);
    }
  });

  test("padding in front of a target leaves the state as it is", async () => {
    const on = double();
    const model = await translator(name, on);
    using read = model.encode(upload(source, b, on), { lengths: whole(lengths, [b], on) });
    const expected = await logitsOf(model).read();
    const paddings = [0, 2, 5];
    const shifted = Array.from({ length: b }, (_, row) => {
      const ids = rowOf(target, row, t).slice(0, t - paddings[row]!);
      return [...new Array<number>(paddings[row]!).fill(7), ...ids];
    });
    for (const sizes of [[7], [1, 3, 3], [6, 1]]) {
      using cache = read.cache();
      let last: Tensor | undefined;
      for (const size of sizes) {
        const ids = shifted.flatMap((row) => row.slice(cache.length, cache.length + size));
        last = read.next(upload(ids, b, on), cache, { paddings });
      }
      const said = await last!.read();
      for (let row = 0; row < b; row++) {
        const at = rowOf(rowOf(expected, row, t * v), t - 1 - paddings[row]!, v);
        expectClose(rowOf(said, row, v), at, 1e-12);
      }
    }
  });

  test("rows of a cache are selected and forked; it goes back to its beginning, and no other place", async () => {
    const on = double();
    const model = await translator(name, on);
    using read = model.encode(upload(source, b, on), { lengths: whole(lengths, [b], on) });
    using cache = read.cache();
    const first = await read.next(upload(columns(target, t, 0, 2), b, on), cache).read();
    using fork = cache.fork();
    cache.select([2, 0, 2, 1]);
    expect([cache.rows, fork.rows, cache.length, fork.length]).toEqual([4, 3, 2, 2]);
    const chosen = (width: number, at: number): number[] => [2, 0, 2, 1].map((row) => rowOf(target, row, width)[at]!);
    const reordered = await read.next(upload(chosen(t, 2), 4, on), cache).read();
    const straight = await read.next(upload(columns(target, t, 2, 3), b, on), fork).read();
    expectClose(
      reordered,
      [2, 0, 2, 1].flatMap((row) => rowOf(straight, row, v)),
      1e-12,
    );
    expect(refusal(() => fork.crop(2))).toBe(
      "ConfigError: RecurrentCache: it holds 3 tokens as one state, and cannot be cropped to 2; fork() it at the place to return to",
    );
    fork.crop(3);
    expect(fork.length).toBe(3);
    fork.crop(0);
    expect(await read.next(upload(columns(target, t, 0, 2), b, on), fork).read()).toEqual(first);
  });

  test("every parameter has a gradient, the one that central differences show", async () => {
    const model = await translator(name, double());
    await checkGradients(
      model,
      () => crossEntropy(reshape(logitsOf(model), [b * t, v]), whole(someIds(v, b * t, 9), [b * t], model.backend)),
      { samples: 3 },
    );
  });

  test("it gives back all memory", async () => {
    const on = cpu();
    const model = await translator(name, on);
    const base = on.memory();
    scoped(() => void logitsOf(model));
    const given = scoped(() => model.encode(upload(source, b, on), { lengths: whole(lengths, [b], on) }));
    const cache = given.cache();
    for (let i = 0; i < 3; i++) scoped(() => void given.next(upload([i, i, i], b, on), cache));
    const held = on.memory().tensors;
    for (let i = 0; i < 3; i++) scoped(() => void given.next(upload([i, i, i], b, on), cache));
    expect(on.memory().tensors).toBe(held); // what it remembers does not grow
    const fork = cache.fork();
    for (const each of [given, cache, fork]) each[Symbol.dispose]();
    expect(on.memory()).toEqual(base);
    expect(refusal(() => cache.rows)).toBe(
      "BackendError: RecurrentCache: this cache is disposed; make another one with cache() of the source",
    );
  });

  test("ids of other shapes, and targets without a source, are refused", async () => {
    const on = cpu();
    const model = await translator(name, on);
    const [x, y] = [upload(source, b, on), upload(target, b, on)];
    expect(refusal(() => model.forward(whole([1, 2], [2], on), y))).toBe(
      "ShapeError: source ids must be [b, s] with at least one in each row, got [2]",
    );
    expect(refusal(() => model.encode(whole([], [1, 0], on)))).toBe(
      "ShapeError: source ids must be [b, s] with at least one in each row, got [1, 0]",
    );
    expect(refusal(() => model.forward(x, whole([], [3, 0], on)))).toBe(
      "ShapeError: target ids must be [b, t] with at least one in each row, got [3, 0]",
    );
    const two = "3 sources for 2 targets: row i of the target ids belongs to source i. Ways of decoding that go by";
    expect(refusal(() => model.forward(x, upload(target.slice(0, 14), 2, on)))).toContain(`ShapeError: ${two}`);
    using read = model.encode(x);
    using cache = read.cache();
    expect(refusal(() => read.next(upload([1, 2], 2, on), cache))).toContain(two);
    expect(refusal(() => read.next(whole([1, 2, 3], [3], on), cache))).toContain("target ids must be [b, t]");
    expect(refusal(() => model.forward(x, y, { sourceLengths: whole([5, 5], [2], on) }))).toContain(
      "lengths must be [3]",
    );
  });
});

test("the alignment is shown, sums to one over the source, and leaves padding out", async () => {
  const on = double();
  const model = await translator("rnn-search", on);
  const { taps } = trace(model, ["attention.pattern"], () => logitsOf(model));
  const patterns = taps["attention.pattern"]!;
  expect(patterns).toHaveLength(t);
  using read = model.encode(upload(source, b, on), { lengths: whole(lengths, [b], on) });
  using cache = read.cache();
  expect(refusal(() => read.attention!(cache))).toBe(
    "ConfigError: attention() is about the latest pass, and there was none since the cache was made or cropped; call next() or states() first",
  );
  for (const [from, to] of [
    [0, 2],
    [2, 3],
  ] as const) {
    read.next(upload(columns(target, t, from, to), b, on), cache);
    const looked = read.attention!(cache);
    expect(looked.shape).toEqual([b, s]);
    const weights = await looked.read();
    expectClose(weights, await patterns[to - 1]!.read(), 1e-12);
    for (const [row, length] of lengths.entries()) {
      const each = rowOf(weights, row, s);
      expect(each.slice(length)).toEqual(new Array(s - length).fill(0));
      expect(each.reduce((a, c) => a + c)).toBeCloseTo(1, 12);
    }
  }
  cache.crop(0);
  expect(() => read.attention!(cache)).toThrow("attention() is about the latest pass");
  using other = (await translator("rnn-encoder-decoder", on)).encode(upload(source, b, on));
  expect(other.attention).toBeUndefined();
});
