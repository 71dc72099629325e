import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

/** The id that stands for a missing word. Throws `ConfigError` for a tokenizer without one. */
export function maskOf({ special: { mask } }: Tokenizer, path: string): number {
  if (mask !== undefined) return mask;
  throw new ConfigError(
    `${path} has no mask among its tokens, so it cannot fill in words. Name a model that \`tenon train --model encoder\` made.`,
  );
}
