import { ConfigError } from "@tenon/tensor";

import type { Text } from "./text.ts";
import { isSpace } from "./white-space.ts";

/** A part of what is learned from. */
export interface Chunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it begins; it depends on nothing but where the chunk before ended. */
  readonly from: number;
  /** Where the next one begins. */
  readonly to: number;
}

/** Bytes of a chunk: some ten thousand words, which take a core some tens of milliseconds. */
export const chunkBytes: number = 1 << 16;

const lineBreak = 10;

/**
 * Cuts a text into chunks of whole lines, or, where a line is longer than a chunk, of whole words.
 *
 * Throws a ConfigError where there is no white space in as many bytes as a chunk has: that is no text.
 *
 * @yields One chunk after the other.
 */
export async function* chunksOf(text: Text, from: number, size: number = chunkBytes): AsyncIterable<Chunk> {
  let chunk = new Uint8Array(size);
  let filled = 0;
  let at = from;
  for await (const piece of text.read(from)) {
    for (let taken = 0; taken < piece.length;) {
      const part = piece.subarray(taken, taken + size - filled);
      chunk.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < size) continue;
      const cut = cutOf(chunk, text, at);
      const rest = chunk.slice(cut);
      yield { bytes: chunk.subarray(0, cut), from: at, to: at + cut };
      at += cut;
      chunk = new Uint8Array(size); // the other is its receiver's now
      chunk.set(rest);
      filled = rest.length;
    }
  }
  if (filled > 0) yield { bytes: chunk.subarray(0, filled), from: at, to: at + filled };
}

/** Behind the last line break, or behind the last white space where there is none. */
function cutOf(bytes: Uint8Array, { name }: Text, at: number): number {
  const line = bytes.lastIndexOf(lineBreak);
  if (line >= 0) return line + 1;
  for (let i = bytes.length; i > 0; i--) if (isSpace(bytes[i - 1]!)) return i;
  throw new ConfigError(
    `${name}: there is no white space in the ${bytes.length} bytes from byte ${at} on; a text has spaces between its words, and is not compressed`,
    { byte: at },
  );
}
