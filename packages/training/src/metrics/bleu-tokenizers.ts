import { ConfigError } from "@tenon/tensor";

import { words } from "./words.ts";

/**
 * How BLEU cuts a line into words, named as in sacreBLEU: `13a` is what WMT's mteval-v13a does, `intl` cuts at all punctuation and
 * symbols of Unicode, `char` makes a word of each character, and `none` takes a text that is tokenised already.
 *
 * @example
 * ```ts
 * const tokenizer: BleuTokenizer = "char";
 * console.log(bleu(["不错"], ["不错的"], { tokenizer }).hypothesisLength); // 2
 * ```
 */
export type BleuTokenizer = "13a" | "char" | "intl" | "none";

const tokenizers: Readonly<Record<BleuTokenizer, (line: string) => string>> = {
  "13a": mteval13a,
  char: (line) => [...line].join(" "),
  intl: international,
  none: (line) => line,
};

/** A function from a line to its words. Throws `ConfigError` for a tokenizer that is not there. */
export function bleuTokenizer(caller: string, name: BleuTokenizer): (line: string) => string[] {
  if (!Object.hasOwn(tokenizers, name)) {
    const all = Object.keys(tokenizers).join(", ");
    throw new ConfigError(
      `${caller}: there is no tokenizer "${name}": expected one of ${all}. Tokenise the texts yourself, and take "none".`,
      { tokenizer: name },
    );
  }
  return (line) => words(tokenizers[name](line));
}

/** mteval-v13a: entities, then ASCII punctuation; a period or comma stays between digits. */
function mteval13a(line: string): string {
  const text = line
    .replaceAll("<skipped>", "")
    .replaceAll("-\n", "")
    .replaceAll("\n", " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  return ` ${text} `
    .replace(/[ -&(-+:-@[-`{-~/]/gu, " $& ")
    .replace(/([^0-9])([.,])/gu, "$1 $2 ")
    .replace(/([.,])([^0-9])/gu, " $1 $2")
    .replace(/([0-9])(-)/gu, "$1 $2 ");
}

/** mteval-v14 --international-tokenization: punctuation unless between two numbers, then symbols. */
function international(line: string): string {
  return line
    .replace(/(\P{N})(\p{P})/gu, "$1 $2 ")
    .replace(/(\p{P})(\P{N})/gu, " $1 $2")
    .replace(/\p{S}/gu, " $& ");
}
