import type { Random } from "@tenon/tensor";

import type { TokenSource } from "../token-source.ts";
import { permutation } from "./permutation.ts";
import { expectCounts, expectStep, readWindows, tooShort, type WindowBatch, windowsIn } from "./window-batch.ts";

/** What {@link windowBatches} cuts its windows from. */
export interface WindowBatchesOptions {
  readonly tokens: TokenSource;
  /** Tokens in a window: t. */
  readonly context: number;
  /** Windows in a batch: b. */
  readonly batch: number;
  /** Decides the order; give training and held-out batches forks of their own. */
  readonly random: Random;
}

/**
 * Batches for a model that predicts the next token, from a text that may be larger than memory. The text is laid out in windows side by side; an epoch visits
 * each exactly once, in a random order over the whole text, and the next cuts them at other places and has another order. A pure function of the step: row r
 * of batch n is window (n · b + r) of this endless sequence, so nothing has to be remembered to go on, and no list of windows is kept ({@link permutation}).
 *
 * Throws `ConfigError` for sizes that are none, and for a text without room for one window and the token after it.
 *
 * @example
 * ```ts
 * const corpus = corpusInMemory({ sources: textFiles([new Blob(["abcdefghijklm"])], "whole"), tokenizer: byteTokenizer() });
 * const batches = windowBatches({ tokens: await corpus.tokens(), context: 4, batch: 2, random: random(1) });
 * const { inputs, targets, shape } = await batches(0);
 * console.log(shape, targets[0] === inputs[0]! + 1); // [ 2, 4 ] true
 * ```
 */
export function windowBatches(options: WindowBatchesOptions): (step: number) => Promise<WindowBatch> {
  const { tokens, context, batch, random } = options;
  expectCounts("windowBatches", { context, batch });
  const { count, slack } = windowsIn(tokens.length, context);
  if (count === 0) throw tooShort("windowBatches: the text", tokens.length, context);
  const epochOf = lastMade((epoch) => {
    const stream = random.fork(epoch);
    const first = stream.fork("first").integer(slack + 1);
    const order = permutation(count, stream.fork("order"));
    return (place: number): number => first + context * order(place);
  });
  return (step) => {
    expectStep("windowBatches", step);
    const places = Array.from({ length: batch }, (_, row) => {
      const number = step * batch + row;
      return { tokens, start: epochOf(Math.floor(number / count))(number % count) };
    });
    return readWindows(places, context);
  };
}

/** Remembers the last two: a batch may lie across the end of an epoch. */
export function lastMade<T>(make: (key: number) => T): (key: number) => T {
  const made = new Map<number, T>();
  return (key) => {
    const found = made.get(key) ?? make(key);
    made.delete(key);
    made.set(key, found);
    if (made.size > 2) made.delete(made.keys().next().value!);
    return found;
  };
}
