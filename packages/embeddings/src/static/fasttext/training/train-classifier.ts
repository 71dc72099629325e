import { ConfigError } from "@tenon/tensor";

import { chunkBytes, chunksOf } from "../../training/chunks.ts";
import { view } from "../../training/layout.ts";
import { runTraining, settleTraining, type TrainingOptions } from "../../training/run.ts";
import { type Text, textOf } from "../../training/text.ts";
import { fingerprint } from "../../vocabulary/fingerprint.ts";
import { settleVocabulary } from "../../vocabulary/vocabulary.ts";
import { softmax } from "../../word2vec/losses.ts";
import type { WordVectors } from "../../word-vectors.ts";
import { endOfLine, usualLabelPrefix } from "../dictionary.ts";
import { utf8 } from "../subwords.ts";
import { checkWhole } from "./check-whole.ts";
import { type ClassifierLoss, lossSettings } from "./classifier-loss.ts";
import { prepare, type Prepared } from "./prepare.ts";
import { settleSubwords } from "./settle-subwords.ts";
import { dictionaryOf } from "./text-dictionary.ts";
import type { CharacterNgrams, TrainedFastText } from "./train.ts";

/** Which words and labels a classifier knows. */
export interface LabelledVocabulary {
  /** How often a word must occur to have a vector of its own. Default 1. */
  readonly minimumCount?: number | undefined;
  /** How often a label must occur to be one. Default 1. */
  readonly minimumLabelCount?: number | undefined;
  /** What labels begin with. Default `__label__`; a file does not keep another, so that a model which is read again takes unknown labels for words. */
  readonly labelPrefix?: string | undefined;
  /** Bytes that the counting may take. Default 512 MiB. */
  readonly memory?: number | undefined;
}

/** Which parts of words and lines have vectors; by default none but words. */
export interface ClassifierNgrams extends CharacterNgrams {
  /** Words of the longest word n-gram: 2 for pairs of neighbours too. Default 1. */
  readonly wordNgrams?: number | undefined;
}

/** What {@link trainFastTextClassifier} takes. */
export interface FastTextClassifierOptions {
  /** One example a line: its labels, which begin with `__label__`, and its words. A string, or what `await textFile(…)` of `@tenon/embeddings/static/node` gives. */
  readonly text: string | Text;
  /** How a label is predicted. Default: softmax; for many labels take hierarchical softmax, for several to a line {@link oneVsAll}. */
  readonly loss?: ClassifierLoss | undefined;
  /** d: numbers in a vector. Default 100, or that of the pretrained vectors. */
  readonly width?: number | undefined;
  readonly subwords?: ClassifierNgrams | undefined;
  readonly vocabulary?: LabelledVocabulary | undefined;
  /** Vectors that words begin with; all of their words are added to the vocabulary. */
  readonly pretrained?: WordVectors | undefined;
  /** Default: 5 epochs, with a learning rate of 0.1 at the beginning. */
  readonly training?: TrainingOptions | undefined;
}

/**
 * A classifier of lines as fastText trains it: h is the mean of the vectors of a line's n words, their character n-grams and the line's word
 * n-grams, and a linear layer predicts the label from it,
 *
 *     h = 1/n Σ_i z_i      p = softmax(O h)      loss = −log p_label
 *
 * or what else the loss says. Each row gets 1/n of the gradient. A line with several labels is learned with one of them, drawn anew each
 * time, or one-vs-all with all. The end of a line counts as the word `</s>`; a line longer than 64 KiB is cut.
 *
 * Joulin, Grave, Bojanowski and Mikolov 2017, "Bag of tricks for efficient text classification".
 *
 * Throws a ConfigError for an option that cannot be, a text that has no words, no labels or is no UTF-8, and where the training diverges; a
 * CheckpointError where the checkpoint is of another training; a BackendError when a thread dies; the signal's reason when it is stopped.
 *
 * @example
 * ```ts
 * const text = "__label__day the sun is warm\n__label__night the moon is cold\n".repeat(20);
 * const { model } = await trainFastTextClassifier({ text, width: 8, training: { epochs: 20 } });
 * console.log(model.predict("a cold moon")[0]?.label); // __label__night
 * ```
 */
export async function trainFastTextClassifier(options: FastTextClassifierOptions): Promise<TrainedFastText> {
  const what = "trainFastTextClassifier";
  const { loss = softmax(), pretrained } = options;
  const { width = pretrained?.width ?? 100 } = options;
  checkWhole(what, "width", width, 4096);
  if (pretrained !== undefined && pretrained.width !== width)
    throw new ConfigError(`${what}: the pretrained vectors have ${pretrained.width} numbers; width is ${width}`, {
      width,
    });
  const subwords = settleSubwords(what, options.subwords ?? {}, usualNgrams);
  const training = settleTraining(what, options.training ?? {}, 0.1);
  const { minimumLabelCount = 1, labelPrefix = usualLabelPrefix, ...vocabulary } = options.vocabulary ?? {};
  const { minimumCount, memory } = settleVocabulary(what, {
    ...vocabulary,
    minimumCount: vocabulary.minimumCount ?? 1,
  });
  checkWhole(what, "vocabulary.minimumLabelCount", minimumLabelCount, 2 ** 31 - 1);
  if (labelPrefix === "")
    throw new ConfigError(`${what}: vocabulary.labelPrefix is empty, so that all words would be labels`, {
      labelPrefix,
    });
  const text = textOf(options.text);
  const counting = { minimumCount, minimumLabelCount, labelPrefix, memory, subwords, also: pretrained?.words };
  const { dictionary, bytes } = await dictionaryOf(text, counting, training.signal);
  const { words, labels, counts } = dictionary;
  if (labels.length === 0)
    throw new ConfigError(`${text.name} has no labels: no word begins with "${labelPrefix}"`, { labelPrefix });

  const prepared = prepare(
    {
      dictionary,
      width,
      loss,
      outputCounts: counts.subarray(words.length),
      window: 1,
      divides: true,
      sentence: 0,
      // Each byte of a chunk, and each bound of a word, begins an n-gram of each length at most, and each word one of each number of words.
      rows: () => chunkBytes * (2 * (subwords.longest - subwords.shortest + 1) + subwords.wordNgrams + 1),
    },
    training,
  );
  if (pretrained !== undefined) putRows(prepared, pretrained, words);
  const { room, loops, table, state } = prepared;
  const { epochs, learningRate, seed, threads } = training;
  const lineEnd = { bytes: utf8(endOfLine), word: dictionary.id(endOfLine) };
  const report = await runTraining(
    {
      learner: "fasttext-classifier",
      plan: { loops, table, words: words.length, subwords, labelPrefix: utf8(labelPrefix), lineEnd },
      room,
      state,
      settings: {
        method: "fasttext-classifier",
        loss,
        width,
        subwords,
        labelPrefix,
        words: words.length,
        labels: labels.length,
        vocabulary: fingerprint([...words, ...labels], dictionary.counts),
        bytes,
        epochs,
        learningRate,
        seed,
        threads,
      },
      chunks: (from) => chunksOf(text, from),
      bytes,
    },
    training,
  );
  const { loss: kind, negatives } = lossSettings(loss);
  const kept = { window: 5, epochs, minimumCount, negatives, learningRateUpdate: 100, subsample: 1e-4 };
  return { model: prepared.model({ task: "supervised", loss: kind, width, subwords, training: kept }), report };
}

const usualNgrams = { shortest: 0, longest: 0, wordNgrams: 1, buckets: 2_000_000 };

function putRows({ room, loops }: Prepared, pretrained: WordVectors, words: readonly string[]): void {
  const input = view(room.memory, loops.input);
  for (const [row, word] of words.entries()) {
    const vector = pretrained.vector(word);
    if (vector !== undefined) input.set(vector, row * loops.stride);
  }
}
