import { hashStart, hashStep } from "./hash.ts";

const encoder = new TextEncoder();

/** Tells the text of a run from another of the same length: 32 bits of its words and how often each occurs, in hexadecimal. */
export function fingerprint(words: readonly string[], counts: ArrayLike<number> = []): string {
  let hash = hashStart;
  words.forEach((word, i) => {
    for (const byte of encoder.encode(`${word} ${counts[i] ?? ""}\n`)) hash = hashStep(hash, byte);
  });
  return (hash >>> 0).toString(16).padStart(8, "0");
}
