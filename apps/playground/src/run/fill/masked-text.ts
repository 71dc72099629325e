/** A piece of a text: a word that can be hidden, a mask, or what stands between them. */
export interface Piece {
  readonly text: string;
  readonly kind: "word" | "mask" | "between";
  readonly begin: number;
  readonly end: number;
}

/** The pieces of a text; together they are all of it. */
export function wordsOf(text: string, mask: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const add = (piece: string, kind: Piece["kind"]): void => {
    if (piece === "") return;
    const begin = pieces.at(-1)?.end ?? 0;
    pieces.push({ text: piece, kind, begin, end: begin + piece.length });
  };
  for (const [i, part] of text.split(mask).entries()) {
    if (i > 0) add(mask, "mask");
    let at = 0;
    for (const { 0: word, index } of part.matchAll(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)) {
      add(part.slice(at, index), "between");
      add(word, "word");
      at = index + word.length;
    }
    add(part.slice(at), "between");
  }
  return pieces;
}

/** How many masks a text has. */
export const masksIn = (text: string, mask: string): number => text.split(mask).length - 1;

/** Puts a mask in the place of what stands from `begin` to `end`. */
export const maskWord = (text: string, begin: number, end: number, mask: string): string =>
  text.slice(0, begin) + mask + text.slice(end);

/** Puts a word in the place of mask `n`, counted from 0. */
export function putIn(text: string, mask: string, n: number, word: string): string {
  const parts = text.split(mask);
  return `${parts.slice(0, n + 1).join(mask)}${word}${parts.slice(n + 1).join(mask)}`;
}
