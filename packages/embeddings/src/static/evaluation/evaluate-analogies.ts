import { ConfigError } from "@tenon/tensor";

import { type Analogy, type Neighbour, WordQueries } from "../queries/word-queries.ts";
import type { WordVectors } from "../word-vectors.ts";
import type { AnalogySection } from "./analogy-set.ts";
import { KnownWords, type KnownWordsOptions } from "./known-words.ts";

/** How analogies are evaluated. */
export interface AnalogyOptions extends KnownWordsOptions {
  /** 3CosAdd or 3CosMul. Default: "add". */
  readonly method?: "add" | "multiply" | undefined;
  /** What becomes of a question with a word that has no vector. Default: "left out". */
  readonly missing?: "left out" | "wrong" | undefined;
}

/** How many questions of a section were answered right. */
export interface AnalogyScore {
  readonly name: string;
  readonly right: number;
  readonly wrong: number;
  /** Questions with a word that has no vector; where these count as wrong, they are among the wrong ones too. */
  readonly missing: number;
  /** right / (right + wrong); NaN where there is none of either. */
  readonly accuracy: number;
}

/** How many questions were answered right, by section and in all. */
export interface AnalogyScores {
  readonly sections: readonly AnalogyScore[];
  readonly total: AnalogyScore;
}

/** Enough that after words which are spelled as those in the question, but for their case, one is left. */
const answers = 5;
/** As many share the passes over the vectors. */
const together = 1024;

type Question = readonly [a: string, b: string, c: string, d: string];

/**
 * Scores vectors by analogies: a question is answered right where the word nearest to b − a + c, other than these three, is the one that is
 * expected. The scores are those of gensim's `evaluate_word_analogies`.
 *
 * Throws `ConfigError` for options that make no sense.
 *
 * @example
 * ```ts
 * const words = ["king", "queen", "man", "woman", "sea"];
 * const data = Float32Array.of(1, 0.1, 1, 0, 1, 0, 1, 0, 0.1, 0.1, 1, 0, 0.1, 0, 1, 0, 0, 0, 0, 1);
 * const set = parseAnalogies(": family\nman woman king queen\nman woman boy girl\n");
 * const { total } = evaluateAnalogies(new WordVectors({ words, data }), set);
 * console.log(total.right, total.wrong, total.missing); // 1 0 1
 * ```
 * @see Mikolov, Chen, Corrado, Dean 2013, "Efficient estimation of word representations in vector space"
 */
export function evaluateAnalogies(
  vectors: WordVectors,
  set: readonly AnalogySection[],
  options: AnalogyOptions = {},
): AnalogyScores {
  const { method = "add", missing = "left out" } = options;
  if (missing !== "left out" && missing !== "wrong")
    throw new ConfigError(`evaluateAnalogies: \`missing\` is "left out" or "wrong", got "${String(missing)}"`, {
      missing,
    });
  const known = new KnownWords(vectors, options);
  const queries = new WordQueries(vectors, { first: known.first });
  const sections = set.map(({ name, questions }) => {
    const folded = questions.map((words) => words.map((word) => known.folded(word)) as unknown as Question);
    const asked = folded.filter((words) => words.every((word) => known.row(word) !== undefined));
    let right = 0;
    for (let from = 0; from < asked.length; from += together) {
      const some = asked.slice(from, from + together);
      const found = solve(
        queries,
        some.map((question) => analogyOf(question, known, vectors)),
        method,
      );
      right += some.filter((question, i) => predicted(question, found[i]!, known) === question[3]).length;
    }
    const absent = questions.length - asked.length;
    return scoreOf(name, right, asked.length - right + (missing === "wrong" ? absent : 0), absent);
  });
  const sum = (what: "right" | "wrong" | "missing"): number =>
    sections.reduce((all, section) => all + section[what], 0);
  return { sections, total: scoreOf("total", sum("right"), sum("wrong"), sum("missing")) };
}

function scoreOf(name: string, right: number, wrong: number, missing: number): AnalogyScore {
  return { name, right, wrong, missing, accuracy: right / (right + wrong) };
}

function analogyOf([a, b, c]: Question, known: KnownWords, { words }: WordVectors): Analogy {
  const word = (folded: string): string => words[known.row(folded)!]!;
  return { positive: [word(b), word(c)], negative: [word(a)] };
}

function solve(queries: WordQueries, analogies: readonly Analogy[], method: "add" | "multiply"): Neighbour[][] {
  if (method === "add") return queries.analogies(analogies, answers);
  return analogies.map((analogy) => queries.analogy(analogy, answers, method));
}

/** The best answer that is not one of the words of the question in another case; where all are, the last. */
function predicted([a, b, c]: Question, found: readonly Neighbour[], known: KnownWords): string | undefined {
  const words = found.map(({ word }) => known.folded(word));
  return words.find((word) => ![a, b, c].includes(word)) ?? words.at(-1);
}
