/**
 * How words are set apart: the rule of the word tokenizer.
 *
 * English prose puts one space between words, none before a comma, none after an opening bracket. A token therefore carries no
 * space. It says on which sides it wants one, and between two neighbours there is one space if the left wants it after and
 * the right wants it before. Where a text departs from that, `join` takes the space away and `space` tokens stand for those
 * that are there, so every text comes back exactly.
 */
export interface Sides {
  readonly before: boolean;
  readonly after: boolean;
}

/** The token that takes away the space which the rule would put, called as the continuation mark of WordPiece is. */
export const join = "##";
/** One space that the rule would not put. */
export const space = " ";
/** The straight quotation mark, which opens or closes; the names are those of the Penn Treebank. */
export const openQuote = "``";
export const closeQuote = "''";

const both: Sides = { before: true, after: true };
const left: Sides = { before: true, after: false };
const right: Sides = { before: false, after: true };
const none: Sides = { before: false, after: false };

/** What stands at the beginning of a text. */
export const start: Sides = none;
/** A word, or what takes the place of one. */
export const word: Sides = both;

const exceptions: ReadonlyMap<string, Sides> = new Map([
  [join, none],
  [openQuote, left],
  [closeQuote, right],
  ...[..."([{“«$£€#¿¡"].map((mark) => [mark, left] as const),
  ...[..."…%.,!?;:)]}”»"].map((mark) => [mark, right] as const),
  ...[..."-–—/\\_@~'‘’"].map((mark) => [mark, none] as const),
]);

/** On which sides a token of the vocabulary wants a space. */
export function sidesOf(token: string): Sides {
  // White space and what clings to the character before it (a variation selector, a joiner) stand as they are.
  return exceptions.get(token) ?? (/^[\s\p{M}\p{Cf}]/u.test(token) ? none : both);
}
