import { isSpace } from "../training/white-space.ts";
import { hashStart, hashStep } from "./hash.ts";

/** Is told of the words of a text, by their places and hashes, and of its line breaks. */
export interface WordVisitor {
  word(from: number, to: number, hash: number): void;
  lineEnd?(): unknown;
}

/** Visits the words of whole lines or words of a text, in their order. */
export function eachWord(text: Uint8Array, visitor: WordVisitor): void {
  let from = 0;
  let hash = hashStart;
  for (let i = 0; i <= text.length; i++) {
    const byte = i < text.length ? text[i]! : 32;
    if (!isSpace(byte)) {
      hash = hashStep(hash, byte);
      continue;
    }
    if (i > from) visitor.word(from, i, hash);
    if (byte === 10) visitor.lineEnd?.();
    from = i + 1;
    hash = hashStart;
  }
}
