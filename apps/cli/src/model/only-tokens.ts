import { type LogitsTransform, suppress } from "@tenon/sampling";
import type { Tokenizer } from "@tenon/tokenizers";

/** Many models have room for more ids than their tokenizers have tokens, to make sizes round: nothing can be written for those. */
export function onlyTokens({
  model,
  tokenizer,
}: {
  readonly model: { readonly vocabulary: number };
  readonly tokenizer: Tokenizer;
}): LogitsTransform[] {
  const beyond = model.vocabulary - tokenizer.size;
  return beyond > 0 ? [suppress(Array.from({ length: beyond }, (_, i) => tokenizer.size + i))] : [];
}
