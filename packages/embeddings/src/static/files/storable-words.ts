import { ConfigError } from "@tenon/tensor";

import type { WordVectors } from "../word-vectors.ts";
import type { VectorFormat } from "./formats.ts";
import { quoted } from "./word-decoder.ts";

/** What `word` has that a file of this format cannot hold; undefined where it can. */
function problemOf(word: string, format: VectorFormat): string | undefined {
  if (word === "" && format !== "safetensors") return "it is empty";
  if (word.includes("\n")) return "it has a line break";
  if (/[\uD800-\uDFFF]/u.test(word)) return "it has half a surrogate pair";
  if (format === "safetensors") return undefined;
  if (/[\t\r]/.test(word)) return "it has a tab or a carriage return";
  if (!word.includes(" ")) return undefined;
  if (format !== "glove") return "it has a space, which this format puts behind a word";
  // The reader finds the end of a word by where its numbers begin.
  const parts = word.split(" ");
  if (parts.includes("")) return "its spaces are not single and between letters";
  return parts.slice(1).some((part) => /^[+-]?\.?\d/.test(part)) ? "a part of it reads as a number" : undefined;
}

/** The words as they are stored, spaces replaced where that is wanted. Throws `ConfigError` for one that the format cannot hold. */
export function storableWords(vectors: WordVectors, format: VectorFormat, spaces?: string): readonly string[] {
  const replaces = spaces !== undefined && format.startsWith("word2vec");
  const words = replaces ? vectors.words.map((word) => word.replaceAll(" ", spaces)) : vectors.words;
  for (const [row, word] of words.entries()) {
    const problem = problemOf(word, format);
    if (problem !== undefined) {
      const remedy = problem.includes("space,")
        ? '; say with `spaces` what it becomes, such as "_", or store safetensors'
        : "; rename or leave out the word";
      throw new ConfigError(`encodeVectors: ${format} cannot hold ${quoted(word)}: ${problem}${remedy}`, {
        word,
        format,
      });
    }
    if (word !== vectors.words[row] && words.indexOf(word) !== words.lastIndexOf(word))
      throw new ConfigError(
        `encodeVectors: with ${quoted(spaces ?? "")} for its spaces, ${quoted(vectors.words[row]!)} is spelled as another word; choose another text for them`,
        { word },
      );
  }
  return words;
}
