import { CheckpointError } from "@tenon/tensor";

import { setLines, wrongLine } from "./set-lines.ts";

/** Questions of one kind: a is to b as c is to what? */
export interface AnalogySection {
  readonly name: string;
  /** [a, b, c, the answer]. */
  readonly questions: readonly (readonly [a: string, b: string, c: string, d: string])[];
}

/**
 * Reads a set of analogies as word2vec's questions-words.txt has them: lines of four words, in sections that begin with a colon and a name.
 *
 * Throws `CheckpointError` with the line for one that has not four words, or stands before the first section; and where there are no questions.
 *
 * @param name what the set is called in messages
 * @example
 * ```ts
 * const [section] = parseAnalogies(": family\nman woman king queen\n");
 * console.log(section.name, section.questions); // family [ [ 'man', 'woman', 'king', 'queen' ] ]
 * ```
 * @see Mikolov, Chen, Corrado, Dean 2013, "Efficient estimation of word representations in vector space".
 */
export function parseAnalogies(text: string, name = "the analogies"): AnalogySection[] {
  const sections: { name: string; questions: [string, string, string, string][] }[] = [];
  for (const line of setLines(text)) {
    if (line.text.startsWith(":")) {
      sections.push({ name: line.text.slice(1).trim(), questions: [] });
      continue;
    }
    const [a, b, c, d, ...others] = line.text.trim().split(/\s+/);
    const section = sections.at(-1) ?? wrongLine(name, line, "a section's name behind a colon");
    if (a === undefined || b === undefined || c === undefined || d === undefined || others.length > 0)
      wrongLine(name, line, "four words");
    section.questions.push([a, b, c, d]);
  }
  if (sections.every(({ questions }) => questions.length === 0))
    throw new CheckpointError(`${name}: there are no questions in it. Check the file.`, { file: name });
  return sections;
}
