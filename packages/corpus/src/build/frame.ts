import { ConfigError, isTenonError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

/** A token of a tokenizer: by its role, as in `special`, or by its text where it has none. */
export type Mark = string | { readonly token: string };

/** Which tokens stand around each document. */
export interface Frame {
  /** Before each document: `"begin"`, `"classification"` … */
  readonly begin?: Mark | undefined;
  /** Behind each document: `"end"`, `"separator"`, `{ token: "<|endoftext|>" }` … */
  readonly end?: Mark | undefined;
}

/** Gives the ids of a document, special tokens included. */
export type Encoder = (text: string) => readonly number[];

/**
 * Encodes documents with a tokenizer and puts them into the frame. Throws `ConfigError` for a role or token that the tokenizer does not have; the encoder throws
 * one for an id that the tokenizer cannot have.
 */
export function encoderOf(tokenizer: Tokenizer, frame: Frame): Encoder {
  const begin = idsOf(tokenizer, "begin", frame.begin);
  const end = idsOf(tokenizer, "end", frame.end);
  return (text) => {
    const ids = tokenizer.encode(text);
    for (const id of ids) {
      if (Number.isInteger(id) && id >= 0 && id < tokenizer.size) continue;
      throw new ConfigError(
        `the tokenizer (${tokenizer.kind}) gave the id ${id}, which is not from 0 to ${tokenizer.size - 1}, so it cannot be kept. Its encode and its size contradict each other.`,
        { id, size: tokenizer.size },
      );
    }
    return begin.length + end.length === 0 ? ids : [...begin, ...ids, ...end];
  };
}

function idsOf(tokenizer: Tokenizer, place: "begin" | "end", mark: Mark | undefined): number[] {
  if (mark === undefined) return [];
  const { special, kind } = tokenizer;
  if (typeof mark === "object") {
    const id = typeof mark?.token === "string" ? tokenizer.id(mark.token) : undefined;
    if (id !== undefined) return [id];
    throw new ConfigError(
      `frame.${place} asks for the token ${JSON.stringify(mark?.token)}, which the tokenizer (${kind}) does not have.`,
      { mark },
    );
  }
  const id = Object.hasOwn(special, mark) ? special[mark] : undefined;
  if (id !== undefined) return [id];
  const roles = Object.keys(special);
  throw new ConfigError(
    `frame.${place} asks for the special token ${JSON.stringify(mark)}, which the tokenizer (${kind}) does not have: ${roles.length === 0 ? "it knows no roles" : `it has ${roles.join(", ")}`}. Name one of its roles, or a token by its text: { token: "…" }.`,
    { mark, roles },
  );
}

/** `encode` of the document with this number, which an error then names. */
export function encodeNumbered(encoder: Encoder, text: string, number: number): readonly number[] {
  try {
    return encoder(text);
  } catch (error) {
    if (!isTenonError(error)) throw error;
    throw new ConfigError(
      `document ${number}: ${error.message}`,
      { ...error.fields, document: number },
      { cause: error },
    );
  }
}
