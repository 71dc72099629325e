import type { Random } from "@tenon/tensor";

import type { Corpus } from "../corpus.ts";
import { partAt, startsOf } from "../read/starts.ts";
import { KnownShards } from "./known-shards.ts";
import { permutation } from "./permutation.ts";
import { expectCounts, expectStep, readWindows, type WindowBatch, type WindowPlace } from "./window-batch.ts";
import { lastMade } from "./window-batches.ts";

/** What {@link streamedBatches} cuts its windows from. */
export interface StreamedBatchesOptions {
  /** May still be in the making. */
  readonly corpus: Corpus;
  /** Tokens in a window: t. */
  readonly context: number;
  /** Windows in a batch: b. */
  readonly batch: number;
  /** Decides the order. */
  readonly random: Random;
  /** Which of the texts of a document. Default 0. */
  readonly column?: number | undefined;
}

/** Epoch and shard in one number, which is exact. */
const mostShards = 2 ** 20;

/**
 * Batches as of {@link windowBatches} that can begin as soon as the first shard of the corpus is done. The first epoch takes the shards as they come, the later ones
 * in a random order; within a shard the windows come in random order, each exactly once an epoch. No window lies across two shards. What a step gives depends on
 * texts and seed alone: a step whose shard is not done yet waits for it.
 *
 * Documents that stand together in the sources come together in the first epoch; where that would hurt, wait for the whole and use {@link windowBatches}.
 *
 * Throws `ConfigError` for sizes that are none; a step throws it if no shard has room for a window, and whatever went wrong in the making.
 *
 * @example
 * ```ts
 * const sources = textFiles([new Blob(["abcdefghijklm\nnopqrstuvwxyz\n"])], "lines");
 * const corpus = corpusInMemory({ sources, tokenizer: byteTokenizer(), shardTokens: 10 }); // two shards
 * const batches = streamedBatches({ corpus, context: 3, batch: 3, random: random(1) });
 * const { inputs } = await batches(0);
 * console.log(Math.max(...inputs) <= 109); // true
 * ```
 */
export function streamedBatches(options: StreamedBatchesOptions): (step: number) => Promise<WindowBatch> {
  const { corpus, context, batch, random, column = 0 } = options;
  expectCounts("streamedBatches", { context, batch });
  const shards = new KnownShards((index) => corpus.shard(index, column), context);
  const orderOf = lastMade((epoch) => {
    const order = permutation(shards.length, random.fork(epoch).fork("shards"));
    const inOrder = Array.from({ length: shards.length }, (_, place) => order(place));
    return { inOrder, starts: startsOf(inOrder.map((index) => shards.windows(index).count)) };
  });
  const windowOf = lastMade((key) => {
    const [epoch, index] = [Math.floor(key / mostShards), key % mostShards];
    const { count, slack } = shards.windows(index);
    const stream = random.fork(epoch).fork(index);
    const first = stream.fork("first").integer(slack + 1);
    const order = permutation(count, stream.fork("order"));
    return (place: number): number => first + context * order(place);
  });

  const placeOf = async (number: number): Promise<WindowPlace> => {
    // The first epoch goes on before it is known where it ends.
    const isFirst = await shards.reach(number);
    const epoch = isFirst ? 0 : Math.floor(number / shards.total);
    const within = isFirst ? number : number % shards.total;
    const starts = isFirst ? shards.starts : orderOf(epoch).starts;
    const at = partAt(starts, within);
    const index = isFirst ? at : orderOf(epoch).inOrder[at]!;
    return { tokens: shards.tokens(index), start: windowOf(epoch * mostShards + index)(within - starts[at]!) };
  };
  return async (step) => {
    expectStep("streamedBatches", step);
    const places: WindowPlace[] = [];
    for (let row = 0; row < batch; row++) places.push(await placeOf(step * batch + row));
    return readWindows(places, context);
  };
}
