import { ConfigError } from "@tenon/tensor";

import { chunksOf } from "../training/chunks.ts";
import { Layout } from "../training/layout.ts";
import { type Text, textOf } from "../training/text.ts";
import { trainingMemory } from "../training/training-memory.ts";
import { countWords, settleVocabulary, type VocabularyOptions } from "../vocabulary/vocabulary.ts";
import { reserveWordTable, WordTable } from "../vocabulary/word-table.ts";
import { countCooccurrences } from "./counting/count-cooccurrences.ts";
import type { WindowOptions } from "./counting/window-counter.ts";
import type { Glove } from "./glove.ts";
import { type GloveOptions, settleGlove, type SettledGlove, shuffleOptions } from "./glove-options.ts";
import { type ShuffledPairs, shufflePairs } from "./shuffling/shuffled-pairs.ts";
import { trainOnPairs } from "./training/train-on-pairs.ts";

/** What {@link trainGlove} takes. */
export interface TrainGloveOptions extends GloveOptions {
  /** A string, or what `await textFile(…)` of `@tenon/embeddings/static/node` gives for files. */
  readonly text: string | Text;
  /** Which words are learned. */
  readonly vocabulary?: Omit<VocabularyOptions, "subsample"> | undefined;
  /** What is counted. */
  readonly window?: WindowOptions | undefined;
}

/**
 * Word vectors as GloVe trains them: it counts which words occur near each other, and finds vectors whose products are the logarithms of
 * these counts: see {@link countCooccurrences} and {@link trainOnCooccurrences}, of which it is made.
 *
 * The text is streamed twice, for its words and for the counts. Counts that take more than `storage.memory` go to `storage.scratch`; nothing
 * stays there.
 *
 * Throws a ConfigError for options that cannot be, a text without words or that is no UTF-8, and where there is not memory enough; rejects
 * with the signal's reason when it is aborted, with a CheckpointError where the checkpoint is of another training or the disk is full, and
 * with a BackendError when a worker dies.
 *
 * Pennington, Socher and Manning 2014, "GloVe: Global Vectors for Word Representation".
 *
 * @example
 * ```ts
 * const text = "the sun is warm\nthe moon is cold\n".repeat(50);
 * const { vectors, report } = await trainGlove({ text, vectors: { width: 8 }, training: { epochs: 3 } });
 * console.log(vectors.words.length, vectors.width, report.losses.length); // 6 8 3
 * ```
 */
export async function trainGlove(options: TrainGloveOptions): Promise<Glove> {
  const text = textOf(options.text);
  const settled = settleGlove("trainGlove", options);
  const chosen: VocabularyOptions = options.vocabulary ?? {};
  if (chosen.subsample !== undefined)
    throw new ConfigError("trainGlove: subsample is for word2vec and fastText; counts are of all words. Leave it out");
  const counting = settleVocabulary("trainGlove", chosen);
  const vocabulary = await countWords(text, counting, settled.training.signal);
  return trainOnPairs(await pairsOfText(text, vocabulary.words, options.window ?? {}, settled), vocabulary, settled);
}

/** The counts are gone when the pairs are there: both may be large. */
async function pairsOfText(
  text: Text,
  words: readonly string[],
  window: WindowOptions,
  settled: SettledGlove,
): Promise<ShuffledPairs> {
  const { signal } = settled.training;
  const { memory, scratch } = settled.storage;
  const options = { vocabulary: words.length, window, memory, ...(scratch && { scratch }), ...(signal && { signal }) };
  const cooccurrences = await countCooccurrences(idsOf(text, words), options);
  try {
    return await shufflePairs(cooccurrences, shuffleOptions(settled));
  } finally {
    await cooccurrences.release();
  }
}

/**
 * The ids of a text's words.
 *
 * @yields those of a chunk, to be used before the next is asked for
 */
async function* idsOf(text: Text, words: readonly string[]): AsyncGenerator<Int32Array> {
  const layout = new Layout();
  const { plan, fill } = reserveWordTable(layout, words);
  const { memory } = trainingMemory(layout.bytes, false);
  fill(memory);
  const table = new WordTable(memory, plan);
  for await (const { bytes } of chunksOf(text, 0)) yield table.read(bytes);
}
