import { chunksOf } from "../training/chunks.ts";
import type { Text } from "../training/text.ts";
import { eachWord } from "./each-word.ts";
import { WordPair } from "./word-pair.ts";

const space = Uint8Array.of(32);
const lineBreak = Uint8Array.of(10);

/** A text with some neighbours joined: written anew whenever it is read. */
export class JoinedPhrases implements Text {
  readonly name: string;
  readonly #source: Text;
  readonly #joiner: Uint8Array;
  readonly #isPhrase: (pair: WordPair) => boolean;

  constructor(source: Text, joiner: Uint8Array, isPhrase: (pair: WordPair) => boolean) {
    this.name = source.name;
    this.#source = source;
    this.#joiner = joiner;
    this.#isPhrase = isPhrase;
  }

  async *read(from: number): AsyncIterable<Uint8Array> {
    const pair = new WordPair();
    let skip = from;
    let canJoin = false; // whether the word before is in no phrase yet
    for await (const { bytes } of chunksOf(this.#source, 0)) {
      // Each word may get a joiner where it had a space.
      const pieces: Uint8Array[] = [];
      eachWord(bytes, {
        word: (start, end, hash) => {
          const follows = pair.next(bytes, start, end, hash);
          const joins = follows && canJoin && this.#isPhrase(pair);
          if (follows) pieces.push(joins ? this.#joiner : space);
          pieces.push(bytes.subarray(start, end));
          canJoin = !joins;
        },
        lineEnd: () => {
          pieces.push(lineBreak);
          pair.reset();
        },
      });
      const written = concatenated(pieces);
      if (skip < written.length) yield written.subarray(skip);
      skip = Math.max(0, skip - written.length);
    }
  }
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
