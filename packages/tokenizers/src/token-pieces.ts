import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "./tokenizer.ts";

/**
 * What each token of a character or byte tokenizer writes, by its id: its text, its byte, or `undefined` for a special token. It is what the
 * constraints of `@tenon/sampling` ask for: `regex(tokenPieces(tokenizer), /\d+/)`.
 *
 * Throws `ConfigError` for a word tokenizer, whose tokens write a space or none by what stands before them, and for a tokenizer of another kind,
 * whose tokens only its author knows.
 *
 * @example
 * ```ts
 * console.log(tokenPieces(characterTokenizer("hole", { special: { end: "[END]" } }))); // [ 'e', 'h', 'l', 'o', undefined ]
 * ```
 */
export function tokenPieces(tokenizer: Tokenizer): readonly (string | Uint8Array | undefined)[] {
  const { kind, size } = tokenizer;
  if (kind === "word") {
    throw new ConfigError(
      "The tokens of a word tokenizer have no text of their own: whether a space comes before one depends on the token before it. " +
        "Take a character or byte tokenizer, or constrain to lists of ids with phrases().",
      { kind },
    );
  }
  if (kind !== "character" && kind !== "byte") {
    throw new ConfigError(
      `What the tokens of a tokenizer of the kind ${JSON.stringify(kind)} write is not known here: make the list yourself, ` +
        "with a string or a Uint8Array for each id, and undefined for special tokens.",
      { kind },
    );
  }
  const special = new Set(Object.values(tokenizer.special));
  return Array.from({ length: size }, (_, id) =>
    special.has(id) ? undefined : kind === "byte" ? Uint8Array.of(id) : tokenizer.token(id),
  );
}
