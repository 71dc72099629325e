import type { Spec } from "@tenon/models";
import { byteTokenizer, type Tokenizer } from "@tenon/tokenizers";

/** A tokenizer for a model that no text has made one for: bytes, where the vocabulary has room for them. */
export function untrainedTokenizer(spec: Spec): Tokenizer | undefined {
  if (!("vocabulary" in spec)) return undefined;
  const bytes = byteTokenizer(spec.kind === "encoder" ? { special: { mask: "[MASK]" } } : {});
  return bytes.size <= spec.vocabulary ? bytes : undefined;
}
