import type { Tokenizer } from "@tenon/tokenizers";

/** What the models of a tokenizer.json are called. */
const models: Readonly<Record<string, string>> = {
  BPE: "byte-pair",
  WordPiece: "word-piece",
  Unigram: "unigram",
  WordLevel: "word",
};

/** What people call the kind of a tokenizer: "byte-pair", "character". */
export function tokenizerName(tokenizer: Tokenizer): string {
  const { model } = tokenizer.toJSON() as { readonly model?: { readonly type?: string } };
  return models[model?.type ?? ""] ?? tokenizer.kind;
}
