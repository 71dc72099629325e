import { hashStart, hashStep } from "./hash.ts";

/** A word among bytes, and its hash. */
export interface WordBytes {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly hash: number;
}

const space = 32;

/** Two neighbours of a line, moved along word by word: each word alone, and both with a space between them. */
export class WordPair {
  #first: Uint8Array = new Uint8Array(0);
  #second: Uint8Array = new Uint8Array(0);
  #hashes: [number, number] = [hashStart, hashStart];

  /** Forgets what came before: a line begins. */
  reset(): void {
    this.#second = this.#second.subarray(0, 0);
  }

  /** Moves on to the next word; gives whether there is one before it. */
  next(text: Uint8Array, from: number, to: number, hash: number): boolean {
    this.#first = this.#second;
    this.#second = text.slice(from, to);
    this.#hashes = [this.#hashes[1], hash];
    return this.#first.length > 0;
  }

  get first(): WordBytes {
    return { bytes: this.#first, from: 0, to: this.#first.length, hash: this.#hashes[0] };
  }
  get second(): WordBytes {
    return { bytes: this.#second, from: 0, to: this.#second.length, hash: this.#hashes[1] };
  }
  get both(): WordBytes {
    const bytes = new Uint8Array(this.#first.length + 1 + this.#second.length);
    bytes.set(this.#first);
    bytes[this.#first.length] = space;
    bytes.set(this.#second, this.#first.length + 1);
    return { bytes, from: 0, to: bytes.length, hash: bytes.reduce(hashStep, hashStart) };
  }
}
