import type { ByteWindow } from "./byte-window.ts";
import type { VectorFormat } from "./formats.ts";
import { headerOf } from "./header.ts";
import type { Mender } from "./repairs.ts";
import { fieldsOf, newline, space } from "./text-rows.ts";

/** A header, a long word, and some numbers. */
const looked = 2 ** 16;
/** As programs write them. */
const longestNumber = 32;
/** What stands among a text's numbers. */
const textual = new Set([..."0123456789+-.eEnNaAiIfF \t\r\n"].map((character) => character.charCodeAt(0)));

const signatures: readonly (readonly [bytes: readonly number[], what: string, remedy: string])[] = [
  [[0xba, 0x16, 0x4f, 0x2f], "it is a fastText model", "Read it as such, or take the .vec file beside it"],
  [[0x50, 0x4b, 3, 4], "it is a zip archive", "Unpack it first"],
  [[0x80, 2], "it is a pickle of Python", "Save the vectors with gensim's save_word2vec_format"],
  [[0x80, 3], "it is a pickle of Python", "Save the vectors with gensim's save_word2vec_format"],
  [[0x80, 4], "it is a pickle of Python", "Save the vectors with gensim's save_word2vec_format"],
];

/** Finds out by its beginning what a file is. Throws `CheckpointError` for what is no file of vectors for certain. */
export async function recognise(window: ByteWindow, mender: Mender): Promise<VectorFormat> {
  await window.hold(looked);
  const bytes = window.bytes.subarray(0, looked);
  for (const [signature, what, remedy] of signatures)
    if (signature.every((byte, i) => bytes[i] === byte)) mender.refuse("byte 0", what, remedy);
  // Eight bytes of a length below 2⁴⁸, and the brace of a JSON header.
  if (bytes[6] === 0 && bytes[7] === 0 && bytes[8] === 0x7b) return "safetensors";
  const end = bytes.indexOf(newline);
  const header = headerOf(new TextDecoder().decode(bytes.subarray(0, Math.max(0, end))));
  if (header === undefined) return "glove";
  const wordEnd = bytes.indexOf(space, end + 2);
  return wordEnd > 0 && isText(bytes.subarray(wordEnd + 1)) ? "word2vec" : "word2vec-binary";
}

/** Begins this with a number, and goes on like a text's line? Of a vector's floats, hardly any bytes do. */
function isText(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(newline);
  const some = bytes.subarray(0, end < 0 ? longestNumber : Math.min(longestNumber, end));
  return fieldsOf(bytes, 0, some.length)[0]?.isNumber === true && some.every((byte) => textual.has(byte));
}
