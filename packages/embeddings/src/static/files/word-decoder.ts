import type { Mender } from "./repairs.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });

/** The word that some bytes spell in UTF-8. Where they are none, that is damage; mended, U+FFFD stands in for it. */
export function decodeWord(bytes: Uint8Array, mender: Mender, place: () => string): string {
  let ascii = "";
  // Most words are short, and a decoder's call takes longer than they do.
  for (let i = 0; i < bytes.length && bytes[i]! < 0x80; i++) ascii += String.fromCharCode(bytes[i]!);
  if (ascii.length === bytes.length) return ascii;
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const word = lenient.decode(bytes);
    mender.found("invalid UTF-8", place(), `the word ${quoted(word)} is not UTF-8`);
    return word;
  }
}

/** A word in double quotes, cut where it would swamp a message. */
export function quoted(word: string): string {
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 39)}…` : word);
}
