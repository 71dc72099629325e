import { ConfigError } from "@tenon/tensor";

import { eachWord } from "./each-word.ts";
import type { WordBytes } from "./word-pair.ts";

/** Where the bytes of a text come from, for errors: its name, and where in it they begin. */
export interface TextPlace {
  readonly name: string;
  readonly at: number;
}

/** Bytes that a word takes besides its own: up to four slots of the table, where it begins, its hash and its count. */
const bytesPerWord = 32;

/**
 * Counts words by their bytes, in arrays of numbers rather than a Map of strings: a tenth of the memory. When they take more than a limit, words
 * that are rare so far are forgotten, first those seen once, then those seen twice, and so on: a frequent word comes back at once, though
 * a few of its occurrences may be missing (the original word2vec does the same).
 */
export class WordCounter {
  readonly #limit: number;
  #slots: Int32Array = new Int32Array(1 << 12).fill(-1);
  #starts: Uint32Array = new Uint32Array(1 << 10);
  #hashes: Int32Array = new Int32Array(1 << 10);
  #counts: Float64Array = new Float64Array(1 << 10);
  #bytes: Uint8Array = new Uint8Array(1 << 14);
  #size = 0;
  #forgotten = 0;

  /** `limit`: bytes of memory. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many words there are. */
  get size(): number {
    return this.#size;
  }
  /** Words that occur so often or less may be missing, since the limit was reached; 0 where it was not. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Counts the words and the line breaks of whole lines or words. Throws as {@link count} does. */
  add(text: Uint8Array, place: TextPlace): { words: number; lines: number } {
    let [words, lines] = [0, 0];
    eachWord(text, {
      word: (from, to, hash) => {
        words++;
        this.count({ bytes: text, from, to, hash }, place);
      },
      lineEnd: () => lines++,
    });
    return { words, lines };
  }

  /** Counts a word. Throws a ConfigError where a new word is no UTF-8. */
  count(word: WordBytes, place: TextPlace): void {
    const slot = this.#slotOf(word);
    const known = this.#slots[slot]!;
    if (known >= 0) this.#counts[known]! += 1;
    else this.#insert(slot, word, place);
  }

  /** How often a word was counted. */
  countOf(word: WordBytes): number {
    const known = this.#slots[this.#slotOf(word)]!;
    return known < 0 ? 0 : this.#counts[known]!;
  }

  /** The words that occur `minimum` times or more, the frequent ones first; among equals, those first that were seen first. */
  words(minimum: number): { words: string[]; counts: Float64Array } {
    const kept: number[] = [];
    for (let word = 0; word < this.#size; word++) if (this.#counts[word]! >= minimum) kept.push(word);
    kept.sort((a, b) => this.#counts[b]! - this.#counts[a]! || a - b);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return {
      words: kept.map((word) => decoder.decode(this.#bytes.subarray(this.#starts[word], this.#starts[word + 1]))),
      counts: Float64Array.from(kept, (word) => this.#counts[word]!),
    };
  }

  /** The slot that a word has, or would get. */
  #slotOf(word: WordBytes): number {
    const mask = this.#slots.length - 1;
    for (let slot = word.hash & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot]!;
      if (known < 0 || (this.#hashes[known] === word.hash && this.#isSame(known, word))) return slot;
    }
  }

  #insert(slot: number, { bytes, from, to, hash }: WordBytes, { name, at }: TextPlace): void {
    const word = bytes.subarray(from, to);
    checkEncoding(word, name, at + from);
    this.#makeRoom(word.length);
    const start = this.#starts[this.#size]!;
    this.#bytes.set(word, start);
    this.#starts[this.#size + 1] = start + word.length;
    this.#hashes[this.#size] = hash;
    this.#counts[this.#size] = 1;
    this.#slots[slot] = this.#size++;
    if (2 * this.#size > this.#slots.length) this.#rehash();
    while (this.#size * bytesPerWord + this.#starts[this.#size]! > this.#limit) this.#forget();
  }

  #isSame(known: number, { bytes, from, to }: WordBytes): boolean {
    const start = this.#starts[known]!;
    if (this.#starts[known + 1]! - start !== to - from) return false;
    for (let i = from; i < to; i++) if (this.#bytes[start + i - from] !== bytes[i]) return false;
    return true;
  }

  #makeRoom(bytes: number): void {
    if (this.#size + 2 > this.#starts.length) {
      this.#starts = grown(this.#starts, new Uint32Array(2 * this.#starts.length));
      this.#hashes = grown(this.#hashes, new Int32Array(2 * this.#hashes.length));
      this.#counts = grown(this.#counts, new Float64Array(2 * this.#counts.length));
    }
    const needed = this.#starts[this.#size]! + bytes;
    if (needed > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(2 * needed));
  }

  #rehash(): void {
    let length = 1 << 12;
    while (length < 4 * this.#size) length *= 2;
    this.#slots = new Int32Array(length).fill(-1);
    for (let word = 0; word < this.#size; word++) {
      let slot = this.#hashes[word]! & (length - 1);
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & (length - 1);
      this.#slots[slot] = word;
    }
  }

  #forget(): void {
    this.#forgotten++;
    const size = this.#size;
    this.#size = 0;
    let end = 0;
    for (let word = 0; word < size; word++) {
      if (this.#counts[word]! <= this.#forgotten) continue;
      const [from, to] = [this.#starts[word]!, this.#starts[word + 1]!];
      this.#bytes.copyWithin(end, from, to);
      this.#starts[this.#size] = end;
      this.#hashes[this.#size] = this.#hashes[word]!;
      this.#counts[this.#size++] = this.#counts[word]!;
      end += to - from;
    }
    this.#starts[this.#size] = end;
    this.#rehash();
  }
}

function grown<A extends Uint8Array | Uint32Array | Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** Throws a ConfigError where a word is no UTF-8. */
function checkEncoding(word: Uint8Array, name: string, at: number): void {
  if (word.every((byte) => byte < 128)) return;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(word);
  } catch (cause) {
    const shown = new TextDecoder().decode(word.subarray(0, 40));
    throw new ConfigError(
      `${name}: the word "${shown}" at byte ${at} is no UTF-8; convert the text, for example with iconv`,
      { byte: at },
      { cause },
    );
  }
}
