// What the two models can learn: to say a sequence backwards.
import { trace } from "@tenon/nn";
import { generate } from "@tenon/sampling";
import { cpu, crossEntropy, ids, random, reshape, Scope, type Random, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { fit } from "../../test/fit.ts";
import { assemble } from "../assemble.ts";
import { rnnEncoderDecoder, rnnSearch } from "./presets.ts";
import type { RecurrentTranslator } from "./recurrent-translator.ts";
import type { RnnSearch } from "./rnn-search.ts";

const on = cpu();
const [symbols, start] = [8, 8];
const sizes = { sourceVocabulary: symbols, vocabulary: symbols + 1, width: 12, hidden: 16 };
const [shortest, longest, batch] = [2, 6, 12];

const drawn = (from: Random, length: number): number[] => Array.from({ length }, () => from.integer(symbols));
const tensorOf = (rows: readonly (readonly number[])[]): Tensor =>
  ids(rows.flat(), [rows.length, rows[0]!.length], on, { limit: symbols + 1 });

/** Trains on sequences of all lengths, one length at a step. */
async function trained<M extends RecurrentTranslator>(model: M): Promise<M> {
  await model.to(on);
  const draw = random(5).fork("batches");
  await fit(
    model,
    () => {
      const length = shortest + draw.integer(longest - shortest + 1);
      const sources = Array.from({ length: batch }, () => drawn(draw, length));
      const targets = sources.map((source) => source.toReversed());
      const given = targets.map((target) => [start, ...target.slice(0, -1)]);
      const logits = model.forward(tensorOf(sources), tensorOf(given));
      const rows = batch * length;
      return crossEntropy(reshape(logits, [rows, symbols + 1]), reshape(tensorOf(targets), [rows]));
    },
    { steps: 400, rate: 1e-2 },
  );
  return model;
}

/** The share of symbols that are right when it says unseen sequences of a length backwards. */
async function accuracy(model: RecurrentTranslator, length: number): Promise<number> {
  const draw = random(6).fork(length);
  let right = 0;
  for (let i = 0; i < 20; i++) {
    const source = drawn(draw, length);
    using read = model.encode(tensorOf([source]));
    let t = 0;
    for await (const { id } of generate(read, [start], { maxTokens: length }))
      right += Number(id === source[length - 1 - t++]);
  }
  return right / (20 * length);
}

/** Where each of the symbols that follow looks in the source: the middle of its alignment. */
async function middles(model: RnnSearch, source: readonly number[]): Promise<number[]> {
  using scope = new Scope();
  const { taps } = scope.run(() => {
    const given = [start, ...source.toReversed().slice(0, -1)];
    return trace(model, ["attention.pattern"], () => model.forward(tensorOf([source]), tensorOf([given])));
  });
  const patterns = await Promise.all(taps["attention.pattern"]!.map(async (pattern) => pattern.read()));
  return patterns.map((weights) => [...weights].reduce((middle, weight, j) => middle + weight * j, 0));
}

test("RNNsearch says sequences backwards, looking where it should; one vector holds short ones alone", async () => {
  const searching = await trained(assemble(rnnSearch(sizes)));
  const summing = await trained(assemble(rnnEncoderDecoder(sizes)));
  expect(await accuracy(summing, shortest)).toBeGreaterThan(0.9);
  expect(await accuracy(searching, shortest)).toBeGreaterThan(0.9);
  const [looked, summed] = [await accuracy(searching, longest), await accuracy(summing, longest)];
  expect(looked).toBeGreaterThan(0.85);
  expect(summed).toBeLessThan(0.7);

  const source = [3, 1, 4, 0, 5, 2];
  const found = await middles(searching, source);
  const off = found.map((middle, i) => Math.abs(middle - (longest - 1 - i)));
  expect(off.reduce((a, b) => a + b) / longest).toBeLessThan(1); // an annotation knows its neighbours, too
  expect(found).toEqual(found.toSorted((a, b) => b - a));
}, 60_000); // 3 s on a machine that does nothing else
