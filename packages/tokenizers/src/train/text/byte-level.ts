/**
 * One printable character for each byte, in the order of the bytes: the alphabet of byte-level tokens (Radford et al. 2019). Bytes that
 * Latin-1 prints stand for themselves; the others, space among them, take the code points from 256 on.
 */
export const byteCharacters: readonly string[] = nameBytes();

function nameBytes(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const prints = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCodePoint(prints ? byte : next++);
  });
}

const utf8: TextEncoder = new TextEncoder();

/** The word, one character for each byte of its UTF-8. */
export function toByteCharacters(word: string): string {
  let characters = "";
  for (const byte of utf8.encode(word)) characters += byteCharacters[byte]!;
  return characters;
}

// White_Space is what the reference means by \s; a JavaScript \s has U+FEFF and lacks U+0085.
const word: RegExp =
  /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/**
 * Cuts a text as GPT-2 does, losing nothing: English contractions, then runs of letters, of digits or of other marks with at most one
 * space before them, then the remaining white space.
 */
export function splitByteLevel(text: string, prefixSpace: boolean): string[] {
  if (text === "") return [];
  return (prefixSpace && !text.startsWith(" ") ? ` ${text}` : text).match(word) ?? [];
}
