import type { TokenDecoder } from "./tokenizer.ts";

/** The text of all the ids at once. */
export function decodeAll(decoder: TokenDecoder, ids: Iterable<number>): string {
  let text = "";
  for (const id of ids) text += decoder.push(id);
  return text + decoder.end();
}
