import { hash } from "./hash.ts";

/** Which parts of words and of lines have vectors of their own. */
export interface SubwordSettings {
  /** Code points of the shortest character n-gram; the word's bounds, < and >, count as one each. */
  readonly shortest: number;
  /** Code points of the longest character n-gram; 0 for words without parts. */
  readonly longest: number;
  /** Words of the longest word n-gram of a classifier; 1 for single words alone. */
  readonly wordNgrams: number;
  /** Into how many rows the n-grams of both kinds are hashed. */
  readonly buckets: number;
}

const open = 0x3c; // <
const close = 0x3e; // >
const encoder = new TextEncoder();

/** UTF-8's bytes of a text. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);
const continues = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * Calls back with the place of each character n-gram in the bytes of <word>: all runs of `shortest` to `longest` code points, but for <
 * and > alone; those that begin at the first code point come first, and the short before the long.
 *
 * @see Bojanowski, Grave, Joulin, Mikolov 2017, "Enriching word vectors with subword information".
 */
export function characterNgrams(
  bounded: Uint8Array,
  { shortest, longest }: SubwordSettings,
  found: (begin: number, end: number) => void,
): void {
  for (let begin = 0; begin < bounded.length; begin++) {
    if (continues(bounded[begin])) continue;
    let end = begin;
    for (let length = 1; end < bounded.length && length <= longest; length++) {
      end++;
      while (continues(bounded[end])) end++;
      if (length < shortest || (length === 1 && (begin === 0 || end === bounded.length))) continue;
      found(begin, end);
    }
  }
}

/** The bytes of <word>, from those of the word. */
export function boundedBytes(inner: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(inner.length + 2);
  bytes[0] = open;
  bytes.set(inner, 1);
  bytes[bytes.length - 1] = close;
  return bytes;
}

/** The bytes of <word>. */
export const bounded = (word: string): Uint8Array => boundedBytes(utf8(word));

/** The buckets of a word's character n-grams, in order; an n-gram that occurs twice is there twice. */
export function characterBuckets(word: string, settings: SubwordSettings): number[] {
  const buckets: number[] = [];
  if (settings.longest <= 0) return buckets;
  const bytes = bounded(word);
  characterNgrams(bytes, settings, (begin, end) => buckets.push(hash(bytes, begin, end) % settings.buckets));
  return buckets;
}
