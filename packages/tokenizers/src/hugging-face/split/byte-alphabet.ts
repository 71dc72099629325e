/**
 * The alphabet in which byte-level tokenizers write bytes: a printable byte of Latin-1 is written as its character, each other as one from
 * U+0100 on. So a space is `Ġ` and a line break `Ċ`, and a vocabulary of bytes is readable text.
 *
 * Language Models are Unsupervised Multitask Learners (Radford et al., 2019).
 */
export const byteCharacters: readonly string[] = alphabet();

const bytes: ReadonlyMap<string, number> = new Map(byteCharacters.map((character, byte) => [character, byte]));

function alphabet(): string[] {
  const printable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

const encoder = new TextEncoder();

/** A text with each byte of its UTF-8 written as a character of the alphabet. */
export function toByteCharacters(text: string): string {
  let written = "";
  for (const byte of encoder.encode(text)) written += byteCharacters[byte]!;
  return written;
}

/** The bytes that a token writes; a token with any character outside the alphabet is text, and writes that. */
export function bytesOf(token: string): Uint8Array {
  const written = new Uint8Array(token.length);
  for (let index = 0; index < token.length; index++) {
    const byte = bytes.get(token[index]!);
    if (byte === undefined) return encoder.encode(token);
    written[index] = byte;
  }
  return written;
}
