import { ConfigError } from "@tenon/tensor";

import type { SubwordSettings } from "../subwords.ts";

/**
 * Fills in how words and lines are cut into n-grams, and checks it; without n-grams there are no buckets. Throws a ConfigError for what
 * cannot be.
 */
export function settleSubwords(
  what: string,
  given: { readonly [K in keyof SubwordSettings]?: number | undefined },
  usual: SubwordSettings,
): SubwordSettings {
  const { longest = usual.longest, wordNgrams = usual.wordNgrams, buckets = usual.buckets } = given;
  const { shortest = longest === 0 ? 0 : Math.min(3, longest) } = given;
  for (const [name, value, least, most] of [
    ["longest", longest, 0, 100],
    ["shortest", shortest, Math.min(1, longest), longest],
    ["wordNgrams", wordNgrams, 1, 100],
    ["buckets", buckets, 1, 2 ** 31 - 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least || value > most)
      throw new ConfigError(`${what}: subwords.${name} is a whole number from ${least} to ${most}, got ${value}`, {
        [name]: value,
      });
  }
  return { shortest, longest, wordNgrams, buckets: longest === 0 && wordNgrams === 1 ? 0 : buckets };
}
