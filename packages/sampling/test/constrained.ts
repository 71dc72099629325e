import { type Random, random } from "@tenon/tensor";
import type { Constraint } from "../src/constraints/constraint.ts";
import type { TokenPieces } from "../src/constraints/tokens/vocabulary.ts";

/** A vocabulary of the 256 bytes. */
export const byteVocabulary: TokenPieces = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));

/** The bytes and a special token, and all pieces of the sample texts that are given, cut at random. */
export function mergedVocabulary(texts: readonly string[], merges: number, seed: number): TokenPieces {
  const dice = random(seed);
  const encoder = new TextEncoder();
  const bytes = encoder.encode(texts.join("\n"));
  const pieces = Array.from({ length: merges }, () => {
    const at = dice.integer(bytes.length);
    return bytes.slice(at, at + 2 + dice.integer(5));
  });
  return [...byteVocabulary, undefined, ...pieces];
}

export function characterVocabulary(characters: string): TokenPieces {
  return [undefined, ...new Set(characters)];
}

/** Draws uniformly among the allowed tokens until the text is whole and nothing can follow, or chance ends it where it is whole. */
export function generateIds(constraint: Constraint, budget: number, dice: Random, stopping = 4): readonly number[] {
  const ids: number[] = [];
  let state = constraint.start;
  for (let left = budget; ; left--) {
    const allowed = constraint.allowed(state, left);
    const whole = constraint.accepts(state);
    if (allowed.length === 0 && !whole) throw new Error(`a dead end after ${ids.length} tokens, ${left} left`);
    if (whole && (allowed.length === 0 || dice.integer(stopping) === 0)) return ids;
    const id = allowed[dice.integer(allowed.length)]!;
    ids.push(id);
    state = constraint.next(state, id);
  }
}

const encoder = new TextEncoder();

/** The text of ids; throws where it is no UTF-8. */
export function textOf(pieces: TokenPieces, ids: readonly number[]): string {
  const bytes = ids.flatMap((id) => {
    const piece = pieces[id]!;
    return [...(typeof piece === "string" ? encoder.encode(piece) : piece)];
  });
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
}

/** Whether a constraint over the byte vocabulary accepts a text. */
export function acceptsText(constraint: Constraint, text: string): boolean {
  let state = constraint.start;
  for (const byte of encoder.encode(text)) {
    if (!Array.from(constraint.allowed(state, Infinity)).includes(byte)) return false;
    state = constraint.next(state, byte);
  }
  return constraint.accepts(state);
}

/** The fewest tokens with which a constraint can be completed. */
export function fewestTokens(constraint: Constraint): number {
  for (let budget = 1; budget <= 10_000; budget++)
    if (constraint.allowed(constraint.start, budget).length > 0) return budget;
  throw new Error("no budget up to 10,000 suffices");
}
