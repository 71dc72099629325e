import { ConfigError } from "@tenon/tensor";

import { chunksOf } from "../../training/chunks.ts";
import { view } from "../../training/layout.ts";
import { runTraining, settleTraining, type TrainingOptions, type TrainingReport } from "../../training/run.ts";
import { type Text, textOf } from "../../training/text.ts";
import { keepThresholds } from "../../vocabulary/keep-thresholds.ts";
import { fingerprint } from "../../vocabulary/fingerprint.ts";
import { settleVocabulary, type VocabularyOptions } from "../../vocabulary/vocabulary.ts";
import { longestSentence } from "../../word2vec/learner.ts";
import { negativeSampling, type OutputLoss } from "../../word2vec/losses.ts";
import { endOfLine, usualLabelPrefix } from "../dictionary.ts";
import type { FastText } from "../fasttext.ts";
import { checkWhole } from "./check-whole.ts";
import { type ClassifierLoss, lossSettings } from "./classifier-loss.ts";
import { prepare } from "./prepare.ts";
import { settleSubwords } from "./settle-subwords.ts";
import { dictionaryOf } from "./text-dictionary.ts";

/** Which words are learned from which. */
export interface FastTextContext {
  /** `skip-gram` predicts each word of the window from the parts of the word in its middle, `cbow` the middle from all parts of the window. Default `skip-gram`. */
  readonly model?: "skip-gram" | "cbow" | undefined;
  /** Words to either side that may count as context: each word draws its reach, from 1 to this. Default 5. */
  readonly window?: number | undefined;
}

/** Which parts of words have vectors. */
export interface CharacterNgrams {
  /** Code points of the shortest n-gram, < and > among them. Default 3. */
  readonly shortest?: number | undefined;
  /** Code points of the longest n-gram; 0 for words without parts, as in word2vec. Default 6. */
  readonly longest?: number | undefined;
  /** Into how many rows the n-grams are hashed. Default 2,000,000: with 100 numbers to a row, 800 MB. */
  readonly buckets?: number | undefined;
}

/** What {@link trainFastText} takes. */
export interface FastTextVectorsOptions {
  /** A string, or what `await textFile(…)` of `@tenon/embeddings/static/node` gives for files. */
  readonly text: string | Text;
  readonly context?: FastTextContext | undefined;
  /** How a word is predicted. Default: negative sampling with 5 negatives and exponent 0.5. */
  readonly loss?: OutputLoss | undefined;
  /** d: numbers in a vector. Default 100; multiples of 4 waste nothing. */
  readonly width?: number | undefined;
  readonly subwords?: CharacterNgrams | undefined;
  /** Default: words that occur 5 times, sub-sampled with 1e-4. */
  readonly vocabulary?: VocabularyOptions | undefined;
  /** Default: 5 epochs, with a learning rate of 0.05 at the beginning. */
  readonly training?: TrainingOptions | undefined;
}

/** What a fastText training gives. */
export interface TrainedFastText {
  readonly model: FastText;
  readonly report: TrainingReport;
}

/**
 * Word vectors as fastText trains them: as word2vec does, but the vector of a word is the mean over the word and its character n-grams, so
 * that words which look alike share what they learn, and words that the text never had get vectors too. For a word w with parts
 * {w} ∪ G(w), and each word c in its window,
 *
 *     h = 1/n Σ_g z_g      loss = −log σ(h · y_c) − Σ_{noise n} log σ(−h · y_n)
 *
 * The end of a line counts as the word `</s>`. Words that begin with `__label__` are skipped, as in the original.
 *
 * Bojanowski, Grave, Joulin and Mikolov 2017, "Enriching word vectors with subword information". `writeFastText` of
 * `@tenon/embeddings/static/node` saves the model so that fastText and gensim read it.
 *
 * Throws a ConfigError for an option that cannot be, a text without words that occur often enough or that is no UTF-8, and where the
 * training diverges; a CheckpointError where the checkpoint is of another training; a BackendError when a thread dies; the signal's reason
 * when it is stopped.
 *
 * @example
 * ```ts
 * const text = "the sun is warm\nthe moon is cold\n".repeat(50);
 * const { model } = await trainFastText({ text, width: 8, subwords: { buckets: 100 }, training: { epochs: 2 } });
 * console.log(model.dictionary.id("moons"), model.vector("moons")?.length); // undefined 8
 * ```
 */
export async function trainFastText(options: FastTextVectorsOptions): Promise<TrainedFastText> {
  const what = "trainFastText";
  const { loss = negativeSampling({ exponent: 0.5 }), width = 100 } = options;
  const { model = "skip-gram", window = 5 } = options.context ?? {};
  if (model !== "skip-gram" && model !== "cbow")
    throw new ConfigError(`${what}: context.model is "skip-gram" or "cbow", got "${String(model)}"`, { model });
  if ((loss as ClassifierLoss).kind === "one-vs-all")
    throw new ConfigError(`${what}: oneVsAll() is for classifiers; take negativeSampling() or another`, {});
  checkWhole(what, "width", width, 4096);
  checkWhole(what, "context.window", window, 1000);
  const usual = { shortest: 3, longest: 6, wordNgrams: 1, buckets: 2_000_000 };
  const subwords = settleSubwords(what, { ...options.subwords, wordNgrams: 1 }, usual);
  const training = settleTraining(what, options.training ?? {}, 0.05);
  const { minimumCount, subsample, memory } = settleVocabulary(what, {
    ...options.vocabulary,
    subsample: options.vocabulary?.subsample ?? 1e-4,
  });
  const text = textOf(options.text);
  const counting = { minimumCount, minimumLabelCount: 0, labelPrefix: usualLabelPrefix, memory, subwords };
  const { dictionary, bytes } = await dictionaryOf(text, counting, training.signal);
  const counts = dictionary.counts.subarray(0, dictionary.words.length);
  const prepared = prepare(
    {
      dictionary,
      width,
      loss,
      outputCounts: counts,
      window,
      divides: false,
      sentence: longestSentence,
      rows: (partsOfWord) => (model === "cbow" ? 2 * window * partsOfWord : partsOfWord),
    },
    training,
  );
  const { room, loops, table, keep, state } = prepared;
  view(room.memory, keep).set(keepThresholds(counts, subsample, dictionary.tokens));
  const { epochs, learningRate, seed, threads } = training;
  const report = await runTraining(
    {
      learner: "word2vec",
      plan: { model, loops, table, keep, lineEndWord: dictionary.id(endOfLine) },
      room,
      state,
      settings: {
        method: "fasttext",
        model,
        window,
        loss,
        width,
        subwords,
        subsample,
        words: dictionary.words.length,
        vocabulary: fingerprint(dictionary.words, dictionary.counts),
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
  const kept = { window, epochs, minimumCount, negatives, learningRateUpdate: 100, subsample };
  return { model: prepared.model({ task: model, loss: kind, width, subwords, training: kept }), report };
}
