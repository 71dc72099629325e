import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "./tokenizer.ts";

/**
 * What each token of a character, byte or Hugging Face tokenizer writes, by its id: its text, its bytes, or `undefined` for a special token. It is
 * what the constraints of `@tenon/sampling` ask for: `regex(tokenPieces(tokenizer), /\d+/)`. Pieces are those in the midst of a text: a word that
 * brings its space has it here, though the first of a text is written without.
 *
 * Throws `ConfigError` for a word tokenizer, whose tokens write a space or none by what stands before them, for a Hugging Face tokenizer
 * whose decoder makes tokens depend on their neighbours, and for a tokenizer of another kind that has no `pieces` of its own.
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
  const own = tokenizer.pieces?.();
  if (own !== undefined) return own;
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
