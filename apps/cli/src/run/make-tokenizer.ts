import {
  byteTokenizer,
  characterTokenizer,
  huggingFaceTokenizer,
  type SpecialTokens,
  type Tokenizer,
  trainBytePairs,
  wordTokenizer,
} from "@tenon/tokenizers";

import { ConfigError } from "@tenon/tensor";

import type { Data } from "./data-source.ts";
import { sampleOf } from "./streamed-text.ts";

/** What a token is: `--tokenizer`. */
export const tokenizerNames = ["character", "byte", "word", "byte-pairs"] as const;
export type TokenizerName = (typeof tokenizerNames)[number];

/** What a tokenizer is made for, which says what tokens it needs besides those of the text. */
export type Purpose = "continue" | "fill" | "translate";

const marks: Readonly<Record<Purpose, SpecialTokens>> = {
  continue: {},
  fill: { mask: "[MASK]" },
  translate: { begin: "<s>", end: "</s>" },
};

/** The most tokens of a tokenizer that is trained itself, unless another number is asked for. */
const usualSize = 4000;

/**
 * Makes a tokenizer from the text that is to be trained on. `size` is the most tokens of one that is trained itself. Throws `ConfigError` when it is given for
 * one that is not.
 */
export async function makeTokenizer(
  name: TokenizerName,
  purpose: Purpose,
  data: Data,
  size: number | undefined,
): Promise<Tokenizer> {
  if (size !== undefined && name !== "byte-pairs")
    throw new ConfigError(
      `--vocabulary is for byte-pairs, and the ${name} tokenizer has as many tokens as it needs. Leave it out, or say --tokenizer byte-pairs.`,
      { tokenizer: name },
    );
  const special = marks[purpose];
  if (data.kind === "streamed" && (name === "character" || name === "word"))
    throw new ConfigError(
      `the ${name} tokenizer is made of all of a text, and this one is read in a stream. Use --tokenizer byte-pairs, which is learned from its first part, or byte.`,
      { tokenizer: name },
    );
  const texts = textsOf(data);
  switch (name) {
    case "character":
      return characterTokenizer(whole(texts), { special });
    case "byte":
      return byteTokenizer({ special });
    case "word":
      return wordTokenizer(whole(texts), { special });
    case "byte-pairs": {
      const all = purpose === "continue" ? { ...special, end: "<|endoftext|>" } : special;
      // A word that begins a text is then the token that it is elsewhere.
      const prefixSpace = purpose === "translate";
      const file = await trainBytePairs(texts, { maximumSize: size ?? usualSize, prefixSpace, special: all });
      const { begin, end, mask } = all;
      // As in RoBERTa, a mask takes the space before it along, as a word does.
      const added = file.added_tokens.map((token) => (token.content === mask ? { ...token, lstrip: true } : token));
      return huggingFaceTokenizer(
        { ...file, added_tokens: added },
        { bos_token: begin, eos_token: end, mask_token: mask },
      );
    }
  }
}

/** Pairs that are held out teach a tokenizer nothing. */
function textsOf(data: Data): readonly string[] | AsyncIterable<string> {
  switch (data.kind) {
    case "text":
      return [data.text];
    case "streamed":
      return sampleOf(data);
    case "pairs":
      return data.pairs.flatMap(({ source, target }) => [source, target]);
  }
}

/** Never of a stream, which {@link makeTokenizer} refuses. */
const whole = (texts: readonly string[] | AsyncIterable<string>): string => (texts as readonly string[]).join("\n");
