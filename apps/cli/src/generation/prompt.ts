import { buffer } from "node:stream/consumers";

import { ConfigError, isTenonError } from "@tenon/tensor";
import type { HuggingFaceTokenizer, Tokenizer } from "@tenon/tokenizers";

import { decodeUtf8 } from "../files/utf8.ts";
import type { Session } from "../session.ts";

/**
 * The text to continue: what --prompt says, else what is piped into stdin without the line break at its end; undefined when that is nothing.
 * Throws `ConfigError` for a pipe with something else than UTF-8 text in it.
 */
export async function readPrompt(flag: string | undefined, { stdin }: Session): Promise<string | undefined> {
  if (flag !== undefined) return flag === "" ? undefined : flag;
  if (stdin.isTTY) return undefined;
  const text = decodeUtf8(await buffer(stdin), "the prompt from stdin").replace(/\r?\n$/, "");
  return text === "" ? undefined : text;
}

/**
 * The ids of a text. Throws `ConfigError` for a character or a word that the model's tokenizer does not know, and for more
 * tokens than the context holds.
 *
 * @param what what the text is, for messages: "the prompt"
 * @param framed with the special tokens that a tokenizer of Hugging Face puts around a text
 */
export function encodeText(
  text: string,
  tokenizer: Tokenizer,
  context: number,
  what: string,
  framed = false,
): number[] {
  const ids = framed && isHuggingFace(tokenizer) ? [...tokenizer.encoding(text).ids] : encode(text, tokenizer, what);
  if (ids.length <= context) return ids;
  throw new ConfigError(
    `${what} has ${ids.length} tokens, but the model's context holds ${context}. Shorten it by ${ids.length - context} tokens, or train a model with a larger --context.`,
    { tokens: ids.length, context },
  );
}

function encode(text: string, tokenizer: Tokenizer, what: string): number[] {
  try {
    return tokenizer.encode(text);
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    const { character, word, line, column } = error.fields;
    const piece = character ?? word;
    if (piece === undefined) throw error;
    const kind = character === undefined ? "word" : "character";
    throw new ConfigError(
      `${what} has the ${kind} ${JSON.stringify(piece)} (line ${String(line)}, column ${String(column)}), which is not among the ${tokenizer.size} tokens ` +
        `that this model knows: ${sample(tokenizer)} … Write it without, or train a model on a text that has it.`,
      error.fields,
      { cause: error },
    );
  }
}

/** A few of the tokens that a tokenizer knows: the words, or what there is. */
function sample(tokenizer: Tokenizer): string {
  const all = Array.from({ length: tokenizer.size }, (_, id) => id);
  const words = all.filter((id) => tokenizer.isWord(id));
  return (words.length > 0 ? words : all)
    .slice(0, 12)
    .map((id) => tokenizer.token(id))
    .join(" ");
}

/** Where a text begins when there is no prompt: at the token for it, after the end of another, or after a line break, if the model knows one. */
export function startOf(tokenizer: Tokenizer): number[] {
  const { begin, end } = tokenizer.special;
  const first = begin ?? end;
  if (first !== undefined) return [first];
  try {
    return tokenizer.encode("\n");
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    throw new ConfigError(
      "this model was trained on a text of one line and needs a beginning: give one with --prompt.",
    );
  }
}

/** Is it a tokenizer made from tokenizer.json, which frames texts? */
export const isHuggingFace = (tokenizer: Tokenizer): tokenizer is HuggingFaceTokenizer =>
  tokenizer.kind === "hugging-face";
