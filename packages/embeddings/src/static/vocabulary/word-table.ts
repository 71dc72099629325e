import { type Block, type Layout, view } from "../training/layout.ts";
import { eachWord } from "./each-word.ts";
import { hashStart, hashStep } from "./hash.ts";

/** Words in the memory of a training run, to be found by their bytes. */
export interface WordTablePlan {
  /** A word's number at the first free slot from its hash on; −1 where there is none. As many as a power of two. */
  readonly slots: Block<"i32">;
  /** [v] */
  readonly hashes: Block<"i32">;
  /** Where each word begins in {@link bytes}, [v + 1]. */
  readonly starts: Block<"i32">;
  readonly bytes: Block<"u8">;
}

/** Stands for the end of a line among the numbers of words. */
export const lineEnd = -1;

/** Lays out a table of words; the result fills it, once there is the memory. */
export function reserveWordTable(
  layout: Layout,
  words: readonly string[],
): { plan: WordTablePlan; fill: (memory: WebAssembly.Memory) => void } {
  const encoder = new TextEncoder();
  const encoded = words.map((word) => encoder.encode(word));
  const bytes = encoded.reduce((sum, { length }) => sum + length, 0);
  const plan = {
    slots: layout.reserve("i32", 2 ** Math.ceil(Math.log2(2 * words.length + 1))),
    hashes: layout.reserve("i32", words.length),
    starts: layout.reserve("i32", words.length + 1),
    bytes: layout.reserve("u8", bytes),
  };
  const fill = (memory: WebAssembly.Memory): void => {
    const [slots, hashes, starts] = [plan.slots, plan.hashes, plan.starts].map((block) => view(memory, block)) as Three;
    const all = view(memory, plan.bytes);
    slots.fill(-1);
    encoded.forEach((word, n) => {
      all.set(word, starts[n]);
      starts[n + 1] = starts[n]! + word.length;
      const hash = word.reduce(hashStep, hashStart);
      hashes[n] = hash;
      let slot = hash & (slots.length - 1);
      while (slots[slot]! >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = n;
    });
  };
  return { plan, fill };
}
type Three = [Int32Array, Int32Array, Int32Array];

/** Turns the bytes of a text into the numbers of its words, without making strings. */
export class WordTable {
  readonly #slots: Int32Array;
  readonly #hashes: Int32Array;
  readonly #starts: Int32Array;
  readonly #bytes: Uint8Array;
  #ids: Int32Array = new Int32Array(1 << 12);

  constructor(memory: WebAssembly.Memory, plan: WordTablePlan) {
    this.#slots = view(memory, plan.slots);
    this.#hashes = view(memory, plan.hashes);
    this.#starts = view(memory, plan.starts);
    this.#bytes = view(memory, plan.bytes);
  }

  /** The words of a text, those that the table lacks left out, and a {@link lineEnd} at each line break. It is overwritten by the next call. */
  read(text: Uint8Array): Int32Array {
    if (this.#ids.length < text.length + 1) this.#ids = new Int32Array(text.length + 1);
    let count = 0;
    eachWord(text, {
      word: (from, to, hash) => {
        const word = this.#find(text, from, to, hash);
        if (word >= 0) this.#ids[count++] = word;
      },
      lineEnd: () => (this.#ids[count++] = lineEnd),
    });
    return this.#ids.subarray(0, count);
  }

  /** The number of the word that a text has from a byte up to another; −1 where the table lacks it. */
  find(text: Uint8Array, from: number, to: number): number {
    let hash = hashStart;
    for (let i = from; i < to; i++) hash = hashStep(hash, text[i]!);
    return this.#find(text, from, to, hash);
  }

  #find(text: Uint8Array, from: number, to: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const word = this.#slots[slot]!;
      if (word < 0 || (this.#hashes[word] === hash && this.#isWord(word, text, from, to))) return word;
    }
  }

  #isWord(word: number, text: Uint8Array, from: number, to: number): boolean {
    const start = this.#starts[word]!;
    if (this.#starts[word + 1]! - start !== to - from) return false;
    for (let i = from; i < to; i++) if (this.#bytes[start + i - from] !== text[i]) return false;
    return true;
  }
}
