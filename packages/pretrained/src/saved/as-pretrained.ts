import type { HuggingFaceTokenizer, Tokenizer } from "@tenon/tokenizers";

import type { Pretrained } from "../pretrained.ts";
import type { SavedModel } from "./saved-model.ts";

/**
 * A model that was trained from one of others, as if `fromPretrained` had loaded it from there: for `savePretrained` and `saveLora`. Undefined for a
 * model with no `origin`, which `savePretrained` takes as it is.
 *
 * @example
 * ```ts
 * const made = await assemble(llama({ vocabulary: 65, context: 64, width: 16, layers: 2, heads: 4, hidden: 24 })).to(cpu());
 * console.log(asPretrained({ model: made, tokenizer: byteTokenizer() })); // undefined
 * ```
 */
export function asPretrained({
  model,
  tokenizer,
  origin,
}: Pick<SavedModel, "model" | "tokenizer" | "origin">): Pretrained | undefined {
  if (origin === undefined || !isHuggingFace(tokenizer)) return undefined;
  const { family, architecture, config, generation, tokenizerConfig } = origin;
  return { model, family, architecture, config, generation, tokenizer, tokenizerConfig, preprocessor: undefined };
}

const isHuggingFace = (tokenizer: Tokenizer): tokenizer is HuggingFaceTokenizer => tokenizer.kind === "hugging-face";
