import type { AlignedText } from "../align/aligned-text.ts";

/** Each character by itself: a sigma at the end of a word is no exception, as it is none in the reference. */
export function lowercase(text: AlignedText): AlignedText {
  return text.text.toLowerCase() === text.text ? text : text.map((character) => character.toLowerCase());
}
