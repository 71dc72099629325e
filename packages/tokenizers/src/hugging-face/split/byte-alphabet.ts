/**
 * The alphabet in which byte-level tokenizers write bytes: a printable byte of Latin-1 is written as its character, each other as one from
 * U+0100 on. So a space is `Ġ` and a line break `Ċ`, and a vocabulary of bytes is readable text.
 *
 * Language Models are Unsupervised Multitask Learners (Radford et al., 2019).
 */
const byteCharacters: readonly string[] = alphabet();

const byteOf: ReadonlyMap<string, number> = new Map(byteCharacters.map((character, byte) => [character, byte]));

function alphabet(): string[] {
  const printable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++));
}

const encoder = new TextEncoder();
const written = new Map<string, string>();

/** A character as the bytes of its UTF-8 are written in the alphabet. */
export function toByteCharacters(character: string): string {
  const known = written.get(character);
  if (known !== undefined) return known;
  const bytes = Array.from(encoder.encode(character), (byte) => byteCharacters[byte]!).join("");
  if (written.size >= 10_000) written.clear();
  written.set(character, bytes);
  return bytes;
}

/** The bytes that a token writes; a token with any character outside the alphabet is text, and writes that. */
export function bytesOf(token: string): Uint8Array {
  const bytes = Array.from(token, (character) => byteOf.get(character));
  return bytes.every((byte) => byte !== undefined) ? Uint8Array.from(bytes) : encoder.encode(token);
}
