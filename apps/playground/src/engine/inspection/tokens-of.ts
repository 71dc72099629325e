import { ConfigError } from "@tenon/tensor";
import type { HuggingFaceTokenizer, Tokenizer } from "@tenon/tokenizers";

import type { OpenModel } from "../opened-model.ts";
import type { Token } from "./subject-data.ts";

/** The ids of a text as the model reads it, with what its tokenizer puts around it. Throws `ConfigError` for no text, and for what has no token. */
export function idsOf(open: OpenModel, text: string): readonly number[] {
  const ids = framed(tokenizerOf(open), text);
  if (ids.length > 0) return ids;
  throw new ConfigError("there is no text to look at. Write some.");
}

/** What the encoder of two sides reads: the text, and the mark of its end where the tokenizer does not put it there itself. */
export function sourceIdsOf(open: OpenModel, text: string): readonly number[] {
  const tokenizer = tokenizerOf(open);
  const { end } = tokenizer.special;
  const ids = framed(tokenizer, text);
  const ended =
    isHuggingFace(tokenizer) && open.pretrained !== undefined ? ids : [...ids, ...(end === undefined ? [] : [end])];
  if (ended.length > 0) return ended;
  throw new ConfigError("there is no text to read. Write some.");
}

/** What the decoder of two sides has written: the token that every target begins with, and the text. */
export function writtenIdsOf(open: OpenModel, text: string): readonly number[] {
  const tokenizer = tokenizerOf(open);
  const { generation, config } = open.pretrained ?? {};
  const told = ["decoder_start_token_id", "bos_token_id"]
    .flatMap((key) => [generation?.[key], config?.[key]])
    .find((id) => typeof id === "number");
  const begin = told ?? tokenizer.special["begin"];
  const ids = [...(begin === undefined ? [] : [begin]), ...tokenizer.encode(text)];
  if (ids.length > 0) return ids;
  throw new ConfigError(
    "this model does not say with which token its output begins. Write what it has written so far: a word is enough.",
  );
}

/** Ids as people read them. */
export function tokensOf(open: OpenModel, ids: readonly number[]): readonly Token[] {
  const tokenizer = tokenizerOf(open);
  return ids.map((id) => ({ id, text: textOf(tokenizer, id) }));
}

/** What one token writes, with the space before it; its name where it writes nothing by itself. */
export function textOf(tokenizer: Tokenizer, id: number): string {
  // A model may have room for more ids than there are tokens.
  if (id >= tokenizer.size) return `#${id}`;
  const name = tokenizer.token(id);
  // SentencePiece's mark of a space; its decoder leaves out the first of a text.
  if (name.startsWith("▁")) return name.replaceAll("▁", " ");
  const written = isHuggingFace(tokenizer) ? tokenizer.decode([id]) : name;
  return written === "" || written.includes("\uFFFD") ? name : written;
}

function tokenizerOf({ tokenizer }: OpenModel): Tokenizer {
  if (tokenizer !== undefined) return tokenizer;
  throw new ConfigError(
    "no tokenizer came with this model, so a text cannot be cut into tokens for it. Open one with a tokenizer: a file that Tenon saved, or a folder with tokenizer.json.",
  );
}

const framed = (tokenizer: Tokenizer, text: string): readonly number[] =>
  isHuggingFace(tokenizer) ? tokenizer.encoding(text).ids : tokenizer.encode(text);

const isHuggingFace = (tokenizer: Tokenizer): tokenizer is HuggingFaceTokenizer => tokenizer.kind === "hugging-face";
