import { ConfigError, isTenonError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

import type { OpenModel } from "../opened-model.ts";
import { isHuggingFace } from "./text-decoder.ts";

/** What texts are cut into tokens with. Throws `ConfigError` for a model without. */
export function tokenizerOf({ name, tokenizer }: OpenModel): Tokenizer {
  if (tokenizer !== undefined) return tokenizer;
  throw new ConfigError(
    `${name} came without a tokenizer, so no text can be read for it. Open it with its tokenizer.json; an assembled model needs a vocabulary of 257 or more, to read bytes.`,
  );
}

/**
 * The ids of a text, with the special tokens that a tokenizer of Hugging Face puts around it if `framed`. Throws `ConfigError` for a word or a character that the model does not
 * know, and shows some that it does.
 */
export function readText(text: string, tokenizer: Tokenizer, framed: boolean): number[] {
  if (isHuggingFace(tokenizer)) return framed ? [...tokenizer.encoding(text).ids] : tokenizer.encode(text);
  try {
    return tokenizer.encode(text);
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    const { character, word } = error.fields;
    if (character === undefined && word === undefined) throw error;
    const [kind, piece] = character === undefined ? ["word", word] : ["character", character];
    throw new ConfigError(
      `The model does not know the ${kind} ${JSON.stringify(piece)}. It knows ${tokenizer.size} tokens, such as ${some(tokenizer)}. Write it otherwise, or train a model on a text that has it.`,
      error.fields,
      { cause: error },
    );
  }
}

/** A few of the tokens that a tokenizer knows, from all over its vocabulary: words, if there are any. */
function some(tokenizer: Tokenizer): string {
  const all = Array.from({ length: tokenizer.size }, (_, id) => id);
  const words = all.filter((id) => tokenizer.isWord(id));
  const from = words.length > 0 ? words : all;
  const step = Math.max(1, Math.floor(from.length / 12));
  return Array.from({ length: Math.min(12, from.length) }, (_, i) => tokenizer.token(from[i * step]!)).join(", ");
}

/** Where a text begins when nothing is given: at the token for it, after the end of another, or after a line break, if the model knows one. */
export function startOf(tokenizer: Tokenizer): number[] {
  const { begin, end } = tokenizer.special;
  const first = begin ?? end;
  if (first !== undefined) return [first];
  try {
    return tokenizer.encode("\n");
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    throw new ConfigError("This model knows no beginning of a text by itself: write one.", {}, { cause: error });
  }
}
