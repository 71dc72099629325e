import { ConfigError, isTenonError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

/** Which special tokens of the tokenizer stand around each document, by their roles. */
export interface Frame {
  /** The role of the token before each document: `"begin"`, `"classification"` … */
  readonly begin?: string | undefined;
  /** The role of the token behind each document: `"end"`, `"separator"` … */
  readonly end?: string | undefined;
}

/** Gives the ids of a document, special tokens included. */
export type Encoder = (text: string) => readonly number[];

/**
 * Encodes documents with a tokenizer and puts them into the frame. Throws `ConfigError` for a role that the tokenizer does not have; the encoder throws
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

function idsOf({ special, kind }: Tokenizer, place: "begin" | "end", role: string | undefined): number[] {
  if (role === undefined) return [];
  const id = Object.hasOwn(special, role) ? special[role] : undefined;
  if (id !== undefined) return [id];
  const roles = Object.keys(special);
  throw new ConfigError(
    `frame.${place} asks for the special token ${JSON.stringify(role)}, which the tokenizer (${kind}) does not have: ${roles.length === 0 ? "it has none" : `it has ${roles.join(", ")}`}. Name one of its roles, or give it that token.`,
    { role, roles },
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
