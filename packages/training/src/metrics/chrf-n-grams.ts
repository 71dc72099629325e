import { type Counts, countNGrams } from "./n-grams.ts";
import { words } from "./words.ts";

/** Which n-grams {@link chrfCounts} counts. */
export interface ChrfOrders {
  readonly characterOrder: number;
  readonly wordOrder: number;
  readonly whitespace: boolean;
}

/** The character n-grams of a text of the orders 1, 2, …, and after them its word n-grams. */
export function chrfCounts(text: string, { characterOrder, wordOrder, whitespace }: ChrfOrders): Counts[] {
  const characters = [...(whitespace ? text : words(text).join(""))];
  const separate = wordOrder > 0 ? words(text).flatMap(withoutPunctuation) : [];
  return [
    ...Array.from({ length: characterOrder }, (_, i) => countNGrams(characters, i + 1, "")),
    ...Array.from({ length: wordOrder }, (_, i) => countNGrams(separate, i + 1, " ")),
  ];
}

const punctuation = new Set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

/** A word and the one punctuation mark at its end, or else at its beginning. */
function withoutPunctuation(word: string): string[] {
  const last = word.at(-1)!;
  if ([...word].length === 1) return [word];
  if (punctuation.has(last)) return [word.slice(0, -1), last];
  return punctuation.has(word[0]!) ? [word[0]!, word.slice(1)] : [word];
}
