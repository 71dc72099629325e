import type { HuggingFaceTokenizer, TokenDecoder, Tokenizer } from "@tenon/tokenizers";

/** Is it a tokenizer made from tokenizer.json, which frames texts? */
export const isHuggingFace = (tokenizer: Tokenizer): tokenizer is HuggingFaceTokenizer =>
  tokenizer.kind === "hugging-face";

/** Writes what comes after some ids. What a model says by special tokens is for programs, not for readers. */
export function textDecoder(tokenizer: Tokenizer, after: readonly number[]): TokenDecoder {
  if (isHuggingFace(tokenizer)) return tokenizer.decoder(after, { skipSpecial: true });
  const special = new Set(Object.values(tokenizer.special));
  const decoder = tokenizer.decoder(after);
  return { push: (id) => (special.has(id) ? "" : decoder.push(id)), end: () => decoder.end() };
}
