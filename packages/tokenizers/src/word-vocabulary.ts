import { ConfigError } from "@tenon/tensor";
import { Scanner } from "./scan.ts";
import { join, space } from "./spacing.ts";
import type { Specials } from "./special.ts";

/** Which tokens of a text get an id. */
export interface WordLimits {
  /** Leave out what the text has fewer times; 1 by default, which leaves out nothing. */
  readonly minimumCount?: number;
  /** The largest size of the tokenizer, special tokens included; the rarest tokens are left out. No limit by default. */
  readonly maximumSize?: number;
}

/** The tokens that every word tokenizer has: with them, any spacing and any lines can be written. */
export const layout: readonly string[] = [space, join, "\n"];

/** The tokens of a text, the most frequent first and equally frequent ones in the order of their code units, after {@link layout}. */
export function wordVocabulary(
  text: string,
  specials: Specials,
  { minimumCount = 1, maximumSize = Infinity }: WordLimits,
): string[] {
  const least = layout.length + specials.list.length + 1;
  if (!Number.isSafeInteger(minimumCount) || minimumCount < 1) {
    throw new ConfigError(`minimumCount is a whole number of 1 or more, got ${String(minimumCount)}`, {
      key: "minimumCount",
    });
  }
  if (maximumSize !== Infinity && !(Number.isSafeInteger(maximumSize) && maximumSize >= least)) {
    throw new ConfigError(
      `maximumSize is a whole number of ${least} or more: ${layout.length} tokens for layout, ${specials.list.length} special ones ` +
        `and at least one from the text; got ${String(maximumSize)}`,
      { key: "maximumSize" },
    );
  }

  const fixed = new Set([...layout, ...specials.list.map(({ token }) => token), ""]);
  const counts = new Map<string, number>();
  for (const { token } of new Scanner(specials).scan(text)) {
    if (!fixed.has(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  const kept = [...counts]
    .filter(([, count]) => count >= minimumCount)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, maximumSize - least + 1)
    .map(([token]) => token);

  if (kept.length < counts.size && !specials.list.some(({ role }) => role === "unknown")) {
    throw new ConfigError(
      `these limits leave out ${counts.size - kept.length} of the ${counts.size} tokens of the text, and nothing stands for them; ` +
        `add special: { unknown: "[UNK]" } or loosen minimumCount and maximumSize`,
      { key: "special.unknown", left: counts.size - kept.length },
    );
  }
  return [...layout, ...kept];
}
