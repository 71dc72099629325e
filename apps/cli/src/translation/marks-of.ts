import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

/** The tokens around a text. Throws `ConfigError` for a tokenizer without them. */
export function marksOf({ special, kind }: Tokenizer): { begin: number; end: number } {
  const { begin, end } = special;
  if (begin !== undefined && end !== undefined) return { begin, end };
  throw new ConfigError(
    `a translation begins and ends with tokens of their own, which the ${kind} tokenizer does not have. Use --tokenizer byte-pairs.`,
  );
}
