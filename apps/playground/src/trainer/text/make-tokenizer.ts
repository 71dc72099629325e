import type { Spec } from "@tenon/models";
import {
  byteTokenizer,
  characterTokenizer,
  huggingFaceTokenizer,
  type SpecialTokens,
  type Tokenizer,
  trainBytePairs,
  type TrainingControl,
  wordTokenizer,
} from "@tenon/tokenizers";

import type { TokenizerKind } from "../run-plan.ts";
import { gapToken } from "./gaps.ts";

/** What a tokenizer is made for, and of what. */
export interface TokenizerOptions extends TrainingControl {
  readonly kind: TokenizerKind;
  /** The most tokens, where they are byte pairs. */
  readonly vocabulary: number;
  /** What the model is says which tokens it needs besides those of the text. */
  readonly model: Spec["kind"];
  /** How many gaps a piece of text may have, for encoder–decoders. */
  readonly gaps: number;
}

/** Makes a tokenizer from the text that is to be trained on. Throws `ConfigError` for a vocabulary without room for the 256 bytes. */
export async function makeTokenizer(text: string, options: TokenizerOptions): Promise<Tokenizer> {
  const special = specialTokens(options);
  switch (options.kind) {
    case "character":
      return characterTokenizer(text, { special });
    case "byte":
      return byteTokenizer({ special });
    case "word":
      return wordTokenizer(text, { special });
    case "byte-pairs":
      return bytePairs(text, special, options);
  }
}

function specialTokens({ model, gaps, kind }: TokenizerOptions): SpecialTokens {
  if (model === "decoder") return kind === "byte-pairs" ? { end: "<|endoftext|>" } : {};
  if (model === "encoder") return { mask: "[MASK]" };
  const sentinels = Array.from({ length: gaps }, (_, i) => [`gap${i}`, gapToken(i)] as const);
  return { begin: "<s>", end: "</s>", ...Object.fromEntries(sentinels) };
}

async function bytePairs(text: string, special: SpecialTokens, options: TokenizerOptions): Promise<Tokenizer> {
  const { vocabulary: maximumSize, signal, onProgress } = options;
  const file = await trainBytePairs([text], { maximumSize, special, signal, onProgress });
  const { begin, end, mask } = special;
  // As in RoBERTa, a mask takes the space before it along, as a word does.
  const added = file.added_tokens.map((token) => (token.content === mask ? { ...token, lstrip: true } : token));
  return huggingFaceTokenizer({ ...file, added_tokens: added }, { bos_token: begin, eos_token: end, mask_token: mask });
}
