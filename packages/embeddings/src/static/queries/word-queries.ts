import { ConfigError } from "@tenon/tensor";
import { hasSimd } from "@tenon/wasm-assembler";

import type { WordLookup } from "../word-lookup.ts";
import type { WordVectors } from "../word-vectors.ts";
import { type CosineScan, plainScan } from "./cosine-scan.ts";
import { TopScores } from "./top-scores.ts";
import { unit, vectorOf } from "./unit.ts";
import { wasmScan } from "./wasm-scan.ts";

/** How {@link WordQueries} are answered. */
export interface WordQueryOptions {
  /** Where the vectors of the words that are asked about come from, such as a fastText model, which has one for every word. Default: the table. */
  readonly lookup?: WordLookup | undefined;
  /** How many words, from the first on, may be answers. Default: all. */
  readonly first?: number | undefined;
  /** What computes: SIMD on a copy of the table in WebAssembly, or plain loops. Default: SIMD where the engine has it. */
  readonly engine?: "simd" | "plain" | undefined;
}

/** A word and how well it answers: its cosine, or the score of an analogy. */
export interface Neighbour {
  readonly word: string;
  readonly score: number;
}

/** Words, or vectors [d], that an answer is to be like and unlike. */
export interface Analogy {
  readonly positive: readonly (string | Float32Array)[];
  readonly negative?: readonly (string | Float32Array)[] | undefined;
}

/** ε of 3CosMul. */
const smallest = 1e-6;

/**
 * Finds words by their vectors: those nearest to a word or a vector, and those that solve an analogy. Every word is looked at, in one pass that
 * keeps the best; several queries share it.
 *
 * With SIMD the first query makes a copy of the table, its vectors of length 1, in WebAssembly memory.
 *
 * Throws `ConfigError` for a word without a vector, a vector of another width or without a direction, and options that make no sense.
 *
 * @example
 * ```ts
 * const words = ["king", "queen", "man", "woman", "sea"];
 * const data = Float32Array.of(1, 0.1, 1, 0, 1, 0, 1, 0, 0.1, 0.1, 1, 0, 0.1, 0, 1, 0, 0, 0, 0, 1);
 * const queries = new WordQueries(new WordVectors({ words, data }));
 * console.log(queries.nearest("king", 1)[0].word); // queen
 * const [answer] = queries.analogy({ positive: ["king", "woman"], negative: ["man"] });
 * console.log(answer.word); // queen
 * ```
 */
export class WordQueries {
  readonly vectors: WordVectors;
  readonly #lookup: WordLookup;
  readonly #rows: number;
  readonly #scan: CosineScan;

  constructor(vectors: WordVectors, options: WordQueryOptions = {}) {
    const { lookup = vectors, first = vectors.words.length, engine = hasSimd() ? "simd" : "plain" } = options;
    if (!(Number.isInteger(first) && first > 0))
      throw new ConfigError(`WordQueries: \`first\` is a whole number from 1 up, got ${first}`, { first });
    if (lookup.width !== vectors.width)
      throw new ConfigError(
        `WordQueries: the lookup's vectors have ${lookup.width} numbers and the table's ${vectors.width}; take both from one model`,
        { lookup: lookup.width, table: vectors.width },
      );
    if (engine !== "simd" && engine !== "plain")
      throw new ConfigError(`WordQueries: the engine is "simd" or "plain", got "${String(engine)}"`, { engine });
    this.vectors = vectors;
    this.#lookup = lookup;
    this.#rows = Math.min(first, vectors.words.length);
    this.#scan = engine === "simd" ? wasmScan(vectors) : plainScan(vectors);
  }

  /** The `count` words of the highest cosine with a word, itself left out, or with a vector, the best first. */
  nearest(query: string | Float32Array, count = 10): Neighbour[] {
    return this.nearestToEach([query], count)[0]!;
  }

  /** {@link nearest} of several, in as few passes as there is memory for. */
  nearestToEach(queries: readonly (string | Float32Array)[], count = 10): Neighbour[][] {
    return this.analogies(
      queries.map((query) => ({ positive: [query] })),
      count,
    );
  }

  /** Answers of one analogy: {@link analogies}, or with `method` "multiply" 3CosMul. */
  analogy(analogy: Analogy, count = 10, method: "add" | "multiply" = "add"): Neighbour[] {
    if (method === "add") return this.analogies([analogy], count)[0]!;
    if (method === "multiply") return this.#multiply(analogy, count);
    throw new ConfigError(`WordQueries: the method is "add" or "multiply", got "${String(method)}"`, { method });
  }

  /**
   * 3CosAdd of several analogies: the words whose vectors have the highest cosine with the mean of the positive vectors and the reversed negative
   * ones, each of length 1, best first; the words that were given are left out.
   *
   * Mikolov, Yih, Zweig 2013, "Linguistic regularities in continuous space word representations".
   */
  analogies(analogies: readonly Analogy[], count = 10): Neighbour[][] {
    const given = analogies.map((analogy) => this.#given(analogy));
    const tops = given.map(({ rows }) => new TopScores(expectCount(count) + rows.size));
    const means = given.map(({ positive, negative }) => {
      const mean = new Float64Array(this.vectors.width);
      for (const x of positive) for (let i = 0; i < mean.length; i++) mean[i]! += x[i]!;
      for (const x of negative) for (let i = 0; i < mean.length; i++) mean[i]! -= x[i]!;
      return unit(mean, () => "what was asked for");
    });
    this.#scan.scan(means, this.#rows, (query, from, cosines, rows) => tops[query]!.offerAll(cosines, from, rows));
    return tops.map((top, i) => this.#answers(top, given[i]!.rows, count));
  }

  /**
   * 3CosMul: the words that maximise Π (1 + cos(w, p))/2 ÷ (Π (1 + cos(w, n))/2 + ε).
   *
   * Levy, Goldberg 2014, "Linguistic regularities in sparse and explicit word representations".
   */
  #multiply(analogy: Analogy, count: number): Neighbour[] {
    const { positive, negative, rows } = this.#given(analogy);
    const top = new TopScores(expectCount(count) + rows.size);
    const queries = [...positive, ...negative];
    let above = new Float64Array(0);
    let below = new Float64Array(0);
    let scores = new Float32Array(0);
    this.#scan.scan(queries, this.#rows, (query, from, cosines, count) => {
      if (query === 0) {
        [above, below] = [new Float64Array(count).fill(1), new Float64Array(count).fill(1)];
        scores = new Float32Array(count);
      }
      const factors = query < positive.length ? above : below;
      for (let i = 0; i < count; i++) factors[i]! *= (1 + cosines[i]!) / 2;
      if (query < queries.length - 1) return;
      for (let i = 0; i < count; i++) scores[i] = above[i]! / (below[i]! + smallest);
      top.offerAll(scores, from, count);
    });
    return this.#answers(top, rows, count);
  }

  /** The vectors of an analogy, of length 1, and the rows of its words. */
  #given({ positive, negative = [] }: Analogy): {
    positive: Float32Array[];
    negative: Float32Array[];
    rows: Set<number>;
  } {
    if (positive.length + negative.length === 0)
      throw new ConfigError("WordQueries: there is nothing to compare with; give at least one word or vector", {});
    const { width } = this.vectors;
    const rows = new Set<number>();
    const vectorsOf = (those: readonly (string | Float32Array)[]): Float32Array[] =>
      those.map((given) => {
        if (typeof given !== "string") {
          if (given.length === width) return unit(given, () => "what was asked for");
          throw new ConfigError(`WordQueries: a vector here has ${width} numbers, got ${given.length}`, {
            expected: width,
            got: given.length,
          });
        }
        const row = this.vectors.row(given);
        if (row !== undefined) rows.add(row);
        return unit(vectorOf(this.#lookup, given), () => JSON.stringify(given));
      });
    return { positive: vectorsOf(positive), negative: vectorsOf(negative), rows };
  }

  #answers(top: TopScores, given: ReadonlySet<number>, count: number): Neighbour[] {
    return top
      .sorted()
      .filter(({ row }) => !given.has(row))
      .slice(0, count)
      .map(({ row, score }) => ({ word: this.vectors.words[row]!, score }));
  }
}

function expectCount(count: number): number {
  if (Number.isInteger(count) && count > 0) return count;
  throw new ConfigError(`WordQueries: the number of answers is a whole number from 1 up, got ${count}`, { count });
}
