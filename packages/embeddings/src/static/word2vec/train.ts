import { ConfigError, random } from "@tenon/tensor";

import { chunksOf } from "../training/chunks.ts";
import { type Block, Layout, view } from "../training/layout.ts";
import { runTraining, settleTraining, type TrainingOptions, type TrainingReport } from "../training/run.ts";
import { type Text, textOf } from "../training/text.ts";
import { trainingMemory } from "../training/training-memory.ts";
import { fingerprint } from "../vocabulary/fingerprint.ts";
import { keepThresholds } from "../vocabulary/keep-thresholds.ts";
import { countWords, settleVocabulary, type VocabularyOptions } from "../vocabulary/vocabulary.ts";
import { reserveWordTable } from "../vocabulary/word-table.ts";
import { WordVectors } from "../word-vectors.ts";
import { longestSentence } from "./learner.ts";
import { negativeSampling, type OutputLoss, reserveLoss } from "./losses.ts";
import { copyRows, fillRows } from "./matrices.ts";
import { reserveSlot, strideOf } from "./plan.ts";
import { prepareSlot } from "./take-tally.ts";

/** What {@link trainWord2Vec} takes. */
export interface Word2VecOptions {
  /** A string, or what `await textFile(…)` of `@tenon/embeddings/static/node` gives for files. */
  readonly text: string | Text;
  /**
   * `skip-gram` predicts each word of the window from the word in its middle, `cbow` the middle from the mean of the window, which is
   * faster. Default `skip-gram`.
   */
  readonly model?: "skip-gram" | "cbow" | undefined;
  /** How a word is predicted. Default: {@link negativeSampling} with 5 negatives. */
  readonly loss?: OutputLoss | undefined;
  /** d: numbers in a vector. Default 100; multiples of 4 waste nothing. */
  readonly width?: number | undefined;
  /** Words to either side that may count as context: each word draws its reach, from 1 to this. Default 5. */
  readonly window?: number | undefined;
  readonly vocabulary?: VocabularyOptions | undefined;
  readonly training?: TrainingOptions | undefined;
}

/** What {@link trainWord2Vec} gives. */
export interface Word2Vec {
  /** The words' vectors, [v, d], with counts. */
  readonly vectors: WordVectors;
  /** The other matrix: what words look like as targets, [v, d], or the inner nodes of the tree, [v − 1, d]. Copied on each call. */
  readonly output: () => Float32Array;
  readonly report: TrainingReport;
}

/**
 * Word vectors as word2vec trains them: words that occur in the same contexts get similar vectors. For each word w and each context c in its
 * window, drawn anew for each word,
 *
 *     skip-gram:  h = x_c                    cbow:  h = mean of all x_c
 *     loss = −log P(w | h), by the `loss`    x, y ← x, y − rate · gradient, rate falling evenly to 0
 *
 * The text is streamed, once to count its words and once for each epoch; the inner loops run in WebAssembly, on several threads without
 * locks where `training.threads` says so.
 *
 * Throws a ConfigError for options that cannot be, a text without words or that is no UTF-8, and where there is not memory enough; rejects
 * as {@link TrainingOptions} say.
 *
 * Mikolov, Chen, Corrado and Dean 2013, "Efficient estimation of word representations in vector space".
 *
 * @example
 * ```ts
 * const text = "the sun is warm\nthe moon is cold\n".repeat(50);
 * const { vectors, report } = await trainWord2Vec({ text, width: 8, training: { epochs: 2 } });
 * console.log(vectors.words.length, vectors.width, report.losses.length); // 6 8 2
 * ```
 */
export async function trainWord2Vec(options: Word2VecOptions): Promise<Word2Vec> {
  const { model = "skip-gram", loss = negativeSampling(), width = 100, window = 5 } = options;
  check(model, width, window);
  const text = textOf(options.text);
  const training = settleTraining("trainWord2Vec", options.training ?? {}, model === "cbow" ? 0.05 : 0.025);
  const { subsample, ...counting } = settleVocabulary("trainWord2Vec", options.vocabulary ?? {});
  const { words, counts, bytes } = await countWords(text, counting, training.signal);

  const layout = new Layout();
  const stride = strideOf(width);
  const table = reserveWordTable(layout, words);
  const losses = reserveLoss(layout, loss, counts);
  const keep = layout.reserve("u32", words.length);
  const slotSize = { stride, sentence: longestSentence, rows: 2 * window, loss: losses.plan };
  const slots = Array.from({ length: training.threads }, () => reserveSlot(layout, slotSize));
  const outputs = loss.kind === "hierarchical-softmax" ? Math.max(1, words.length - 1) : words.length;
  const input = layout.reserve("f32", words.length * stride);
  const output = layout.reserve("f32", outputs * stride);
  const room = trainingMemory(layout.bytes, training.threads > 1);
  const { memory } = room;

  const seeds = random(training.seed);
  table.fill(memory);
  losses.fill(memory);
  view(memory, keep).set(keepThresholds(counts, subsample));
  slots.forEach((slot, thread) => {
    const seed = seeds.fork("thread").fork(thread);
    prepareSlot(memory, slot, [seed.integer(2 ** 32), seed.integer(2 ** 32)]);
  });
  fillRows(view(memory, input), width, seeds.fork("vectors"));

  const states = slots.map((slot, thread): [string, Block<"i32">] => [`random.${thread}`, slot.random]);
  const { epochs, learningRate, seed, threads } = training;
  const report = await runTraining(
    {
      learner: "word2vec",
      plan: { model, loops: { stride, window, input, output, loss: losses.plan, slots }, table: table.plan, keep },
      room,
      state: { input, output, ...Object.fromEntries(states) },
      settings: {
        method: "word2vec",
        model,
        loss,
        width,
        window,
        subsample,
        words: words.length,
        vocabulary: fingerprint(words, counts),
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
  return {
    vectors: new WordVectors({ words, data: copyRows(view(memory, input), width), counts }),
    output: () => copyRows(view(memory, output), width),
    report,
  };
}

function check(model: string, width: number, window: number): void {
  if (model !== "skip-gram" && model !== "cbow")
    throw new ConfigError(`trainWord2Vec: model is "skip-gram" or "cbow", got "${String(model)}"`, { model });
  for (const [name, value, most] of [
    ["width", width, 4096],
    ["window", window, 1000],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < 1 || value > most)
      throw new ConfigError(`trainWord2Vec: ${name} is a whole number from 1 to ${most}, got ${value}`, {
        [name]: value,
      });
  }
}
