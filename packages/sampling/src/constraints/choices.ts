import { ConfigError } from "@tenon/tensor";
import type { Constraint } from "./constraint.ts";
import { textTree } from "./bytes/text-tree.ts";
import { expressionConstraint } from "./tokens/expression-constraint.ts";
import type { TokenPieces } from "./tokens/vocabulary.ts";

/**
 * One of these texts, and nothing else. A text may be the beginning of another: then decoding may stop at it, where it has a stop token, or go on.
 *
 * Throws `ConfigError` for no texts, for an empty or malformed one, and for texts of which the vocabulary's tokens can write none; those that it
 * cannot write are never begun.
 *
 * @example
 * ```ts
 * const answer = choices(["ye", "s", "no", "n", "o"], ["yes", "no"]);
 * console.log(answer.allowed(answer.start, Infinity)); // [ 0, 2, 3 ]
 * console.log(answer.allowed(answer.start, 1)); // [ 2 ]
 * ```
 */
export function choices(pieces: TokenPieces, texts: readonly string[]): Constraint {
  if (!Array.isArray(texts) || texts.length === 0) {
    throw new ConfigError("choices(pieces, texts) needs at least one text to choose, such as ['yes', 'no'].");
  }
  for (const [index, text] of (texts as readonly unknown[]).entries()) {
    if (typeof text === "string" && text !== "" && text.isWellFormed()) continue;
    throw new ConfigError(
      `choices(): text ${index} is a string of at least one whole character, got ${JSON.stringify(text)}`,
      { index, text },
    );
  }
  return expressionConstraint(nameOf(texts), pieces, (expressions) => textTree(expressions, texts));
}

function nameOf(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).map((text) => JSON.stringify(text));
  return `choices(${shown.join(", ")}${texts.length > 3 ? ", …" : ""})`;
}
