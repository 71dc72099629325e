import { ConfigError } from "@tenon/tensor";

import type { WordLookup } from "../word-lookup.ts";
import { WordVectors } from "../word-vectors.ts";
import { endOfLine, type FastTextDictionary } from "./dictionary.ts";
import { type LabelTree, labelTree } from "./label-tree.ts";
import { meanOfRows, type RowMatrix } from "./matrix.ts";
import { bestLeaves, bestOf, probabilitiesOf } from "./predict.ts";
import type { FastTextSettings } from "./settings.ts";
import { tokensOf } from "./tokens.ts";

/** What a {@link FastText} is made of. */
export interface FastTextOptions {
  readonly settings: FastTextSettings;
  readonly dictionary: FastTextDictionary;
  /** The vectors of words and buckets, [words + buckets, d]. */
  readonly input: RowMatrix;
  /** The vectors of what is predicted, [v, d]: words, or a classifier's labels. */
  readonly output: RowMatrix;
}

/** How many labels {@link FastText.predict} gives. */
export interface PredictOptions {
  /** At most so many labels; Infinity for all. Default: 1. */
  readonly k?: number | undefined;
  /** Only labels that are at least so probable. Default: 0. */
  readonly threshold?: number | undefined;
}

/** A label, its prefix included, and its probability. */
export interface Prediction {
  readonly label: string;
  readonly probability: number;
}

/**
 * A model of fastText: vectors of words made from those of their character n-grams, also for words that it has never seen, or a classifier
 * of lines. The vector of a word w with n-grams G(w) is the mean of z_g over g ∈ {w} ∪ G(w), or over G(w) where w is not in the dictionary.
 *
 * It is trained by {@link trainFastText} or {@link trainFastTextClassifier}, or read from a file by {@link loadFastText}; numbers are rounded
 * to f32 where fastText rounds them.
 *
 * Throws a ConfigError where a matrix has other rows than the dictionary or another width than the settings.
 *
 * @example
 * ```ts
 * const subwords = { shortest: 3, longest: 4, wordNgrams: 1, buckets: 10 };
 * const training = { window: 5, epochs: 5, minimumCount: 5, negatives: 5, learningRateUpdate: 100, subsample: 1e-4 };
 * const model = new FastText({
 *   settings: { task: "skip-gram", loss: "negative-sampling", width: 2, subwords, training },
 *   dictionary: new FastTextDictionary({ words: ["moon"], labels: [], counts: Float64Array.of(7), tokens: 7, subwords }),
 *   input: new DenseMatrix(11, 2, Float32Array.from({ length: 22 }, (_, i) => i)),
 *   output: new DenseMatrix(1, 2, new Float32Array(2)),
 * });
 * console.log(model.vector("moon"), model.dictionary.id("moons")); // Float32Array(2) [ 9.5, 10.5 ] undefined
 * console.log(model.vector("moons")?.length); // 2
 * const queries = new WordQueries(model.wordVectors(), { lookup: model }); // neighbours of any word
 * console.log(queries.nearest("moons")[0].word); // moon
 * ```
 *
 * @see Bojanowski, Grave, Joulin, Mikolov 2017, "Enriching word vectors with subword information";
 * Joulin, Grave, Bojanowski, Mikolov 2017, "Bag of tricks for efficient text classification".
 */
export class FastText implements WordLookup {
  readonly settings: FastTextSettings;
  readonly dictionary: FastTextDictionary;
  readonly input: RowMatrix;
  readonly output: RowMatrix;
  #tree: LabelTree | undefined;
  #words: WordVectors | undefined;

  constructor({ settings, dictionary, input, output }: FastTextOptions) {
    const { width, task } = settings;
    const outputs = task === "supervised" ? dictionary.labels.length : dictionary.words.length;
    for (const [name, matrix, rows] of [
      ["input", input, dictionary.inputRows],
      ["output", output, outputs],
    ] as const) {
      if (matrix.rows !== rows || matrix.columns !== width)
        throw new ConfigError(
          `FastText: ${name} is ${matrix.rows} × ${matrix.columns}; the dictionary and the width ask for ${rows} × ${width}`,
          { name, got: [matrix.rows, matrix.columns], expected: [rows, width] },
        );
    }
    this.settings = settings;
    this.dictionary = dictionary;
    this.input = input;
    this.output = output;
  }

  get width(): number {
    return this.settings.width;
  }

  /** The vector of any word, [d]; undefined where it is unknown and has no n-grams either. */
  vector(word: string): Float32Array | undefined {
    const rows = this.dictionary.rows(word);
    return rows.length === 0 ? undefined : meanOfRows(this.input, rows);
  }

  /** The vectors of all words of the dictionary, made once: v · d numbers. */
  wordVectors(): WordVectors {
    if (this.#words !== undefined) return this.#words;
    const { words, counts } = this.dictionary;
    const data = new Float32Array(words.length * this.width);
    for (const [i, word] of words.entries())
      data.set(meanOfRows(this.input, this.dictionary.rows(word)), i * this.width);
    this.#words = new WordVectors({ words, data, counts: counts.slice(0, words.length) });
    return this.#words;
  }

  /**
   * The vector of a line, [d]: of a classifier, what it classifies, the mean of all its words and n-grams, the line's end among them; else
   * the mean of its words' vectors, each scaled to length 1. Zeros where nothing in it is known.
   *
   * Throws a ConfigError for more than one line.
   */
  sentenceVector(line: string): Float32Array {
    if (this.settings.task === "supervised") return meanOfRows(this.input, this.#rows(line, "sentenceVector"));
    checkLine(line, "sentenceVector");
    const sum = new Float32Array(this.width);
    let count = 0;
    for (const token of tokensOf(line)) {
      const vector = this.vector(token);
      if (vector === undefined) continue;
      let squares = 0;
      for (const x of vector) squares = Math.fround(squares + Math.fround(x * x));
      if (squares === 0) continue;
      const scale = Math.fround(1 / Math.fround(Math.sqrt(squares)));
      for (let j = 0; j < sum.length; j++) sum[j]! += Math.fround(vector[j]! * scale);
      count++;
    }
    const share = Math.fround(1 / count);
    return count === 0 ? sum : sum.map((x) => x * share);
  }

  /**
   * The most probable labels of a line, the best first; none where nothing in it is known. A probability is up to 10⁻⁵ too high, as in
   * the original. With negative sampling and one-vs-all each label is judged by itself, and probabilities do not sum to 1.
   *
   * Throws a ConfigError where the model is no classifier, for more than one line, and where k is not a whole number from 1 on.
   */
  predict(line: string, { k = 1, threshold = 0 }: PredictOptions = {}): Prediction[] {
    const { task, loss } = this.settings;
    if (task !== "supervised")
      throw new ConfigError(`predict: the model was trained for ${task} and knows no labels; use a classifier`, {
        task,
      });
    if (!(k >= 1 && (Number.isInteger(k) || k === Infinity)))
      throw new ConfigError(`predict: k is ${k}; give a whole number from 1 on, or Infinity for all labels`, { k });
    if (Number.isNaN(threshold))
      throw new ConfigError("predict: threshold is NaN; give a probability from 0 to 1", { threshold });
    const rows = this.#rows(line, "predict");
    if (rows.length === 0) return [];
    const hidden = meanOfRows(this.input, rows);
    const { labels, counts, words } = this.dictionary;
    const found =
      loss === "hierarchical-softmax"
        ? bestLeaves((this.#tree ??= labelTree(counts.subarray(words.length))), this.output, hidden, k, threshold)
        : bestOf(probabilitiesOf(this.output, hidden, loss), k, threshold);
    return found.map(({ label, score }) => ({ label: labels[label]!, probability: Math.fround(Math.exp(score)) }));
  }

  #rows(line: string, caller: string): number[] {
    checkLine(line, caller);
    return this.dictionary.line([...tokensOf(line), endOfLine]).rows;
  }
}

function checkLine(line: string, caller: string): void {
  if (line.includes("\n"))
    throw new ConfigError(`${caller}: the text has more than one line; give one at a time`, { caller });
}
