import { byCodePoint } from "../alphabet.ts";
import type { Pace } from "../pace.ts";

/** The most pieces to begin with; SentencePiece's limit. */
const mostSeeds = 1_000_000;

/**
 * The pieces to begin with: every character, then the substrings of words that occur twice or more, those with the largest
 * count × length first. A substring that is always followed by the same character inside its words is left out: the longer one says it all.
 *
 * Longer substrings are counted one length after the other. One can only be frequent if it is frequent without its last character,
 * so most of them are never looked at.
 */
export async function seedPieces(
  words: ReadonlyMap<string, number>,
  maximumPieceLength: number,
  pace: Pace,
): Promise<string[]> {
  let shorter = countSubstrings(words, 1);
  const characters = [...shorter.keys()].sort(byCodePoint);
  const found: { piece: string; score: number }[] = [];
  for (let length = 2; length <= maximumPieceLength && shorter.size > 0; length++) {
    if (pace.due()) await pace.pause({ phase: "seeds", done: length - 1, total: maximumPieceLength });
    const longer = countSubstrings(words, length, shorter);
    for (const [piece, count] of longer) if (count < 2) longer.delete(piece);
    if (length > 2) keepBranching(found, shorter, longer, length - 1);
    shorter = longer;
    if (length === maximumPieceLength) keepBranching(found, shorter, new Map(), length);
  }
  found.sort((a, b) => b.score - a.score || byCodePoint(a.piece, b.piece));
  return [...characters, ...found.slice(0, Math.max(0, mostSeeds - characters.length)).map(({ piece }) => piece)];
}

/** Counts the substrings of so many characters whose beginning is in `shorter`. */
function countSubstrings(
  words: ReadonlyMap<string, number>,
  length: number,
  shorter?: ReadonlyMap<string, number>,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    const starts = characterStarts(word);
    for (let at = 0; at + length < starts.length; at++) {
      if (shorter && !shorter.has(word.slice(starts[at], starts[at + length - 1]))) continue;
      const piece = word.slice(starts[at], starts[at + length]);
      counts.set(piece, (counts.get(piece) ?? 0) + count);
    }
  }
  return counts;
}

function keepBranching(
  found: { piece: string; score: number }[],
  pieces: ReadonlyMap<string, number>,
  longer: ReadonlyMap<string, number>,
  length: number,
): void {
  const covered = new Set<string>();
  for (const [piece, count] of longer) {
    const beginning = piece.slice(0, piece.codePointAt(piece.length - 2)! > 0xffff ? -2 : -1);
    if (pieces.get(beginning) === count) covered.add(beginning);
  }
  for (const [piece, count] of pieces) if (!covered.has(piece)) found.push({ piece, score: count * length });
}

/** The index at which each character of the word begins, and the word's length. */
export function characterStarts(word: string): number[] {
  const starts = [0];
  for (const character of word) starts.push(starts.at(-1)! + character.length);
  return starts;
}
