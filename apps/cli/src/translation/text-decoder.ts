import type { TokenDecoder, Tokenizer } from "@tenon/tokenizers";

import { isHuggingFace } from "../generation/prompt.ts";

/** Writes the ids of a translation as text, without the tokens that stand for its beginning and its end. */
export function textDecoder(tokenizer: Tokenizer): TokenDecoder {
  if (isHuggingFace(tokenizer)) return tokenizer.decoder([], { skipSpecial: true });
  const special = new Set(Object.values(tokenizer.special));
  const decoder = tokenizer.decoder();
  return { push: (id) => (special.has(id) ? "" : decoder.push(id)), end: () => decoder.end() };
}
