import { CheckpointError } from "@tenon/tensor";

import { setLines, wrongLine } from "./set-lines.ts";

/** Two words, and how similar people found them. */
export interface JudgedPair {
  readonly words: readonly [string, string];
  readonly score: number;
}

/**
 * Reads a set of judged pairs, as WordSim-353 and SimLex-999 are given with gensim: lines of two words and a number, with tabs between them. Lines that
 * begin with # are comments.
 *
 * Throws `CheckpointError` with the line for one of another kind, and where there are fewer than two pairs.
 *
 * @param name what the set is called in messages
 * @example
 * ```ts
 * console.log(parseSimilarities("# a comment\ntiger\tcat\t7.35\nsun\tmud\t0.5\n")[0]); // { words: [ 'tiger', 'cat' ], score: 7.35 }
 * ```
 * @see Finkelstein et al. 2002, "Placing search in context"; Hill, Reichart, Korhonen 2015, "SimLex-999".
 */
export function parseSimilarities(text: string, name = "the pairs"): JudgedPair[] {
  const pairs = setLines(text).map((line) => {
    const [a = "", b = "", judged = "", ...others] = line.text.split("\t").map((field) => field.trim());
    const score = judged === "" ? NaN : Number(judged);
    if (a === "" || b === "" || !Number.isFinite(score) || others.length > 0)
      wrongLine(name, line, "two words and a number with tabs between them");
    return { words: [a, b], score } as const;
  });
  if (pairs.length < 2)
    throw new CheckpointError(
      `${name}: a correlation takes two pairs at least, and it has ${pairs.length}. Check the file.`,
      { file: name },
    );
  return pairs;
}
