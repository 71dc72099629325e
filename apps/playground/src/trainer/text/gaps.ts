import { ConfigError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";

/** What stands for a gap in a prompt. */
export const gap = "___";

/** The token that stands for the gap number `index`, as in T5. */
export const gapToken = (index: number): string => `<extra_id_${index}>`;

/** How many gaps a piece of so many tokens has at most, with room for some in prompts: 15 % of it in spans of three. */
export const gapsIn = (window: number): number => Math.max(8, Math.ceil(window / 20) + 1);

/** The ids of a tokenizer's gaps, in their order. Throws `ConfigError` where it has none. */
export function gapIds(tokenizer: Tokenizer): number[] {
  const ids: number[] = [];
  for (let id = tokenizer.id(gapToken(0)); id !== undefined; id = tokenizer.id(gapToken(ids.length))) ids.push(id);
  if (ids.length > 0) return ids;
  throw new ConfigError(
    `an encoder–decoder learns here by filling gaps, and this model's tokenizer has no tokens for them (${gapToken(0)} and so on). Train one that is assembled here, or one such as T5.`,
  );
}

/** A prompt as the pieces between its gaps. */
export const betweenGaps = (prompt: string): string[] => prompt.split(gap);
