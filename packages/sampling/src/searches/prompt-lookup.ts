import { ConfigError } from "@tenon/tensor";
import { checkOptions } from "../generate/checks.ts";
import type { Drafter } from "./drafter.ts";

/**
 * How far `promptLookup` looks.
 *
 * @example
 * ```ts
 * const options: PromptLookupOptions = { longest: 4, shortest: 2 };
 * console.log(promptLookup(options).name); // promptLookup({ longest: 4, shortest: 2 })
 * ```
 */
export interface PromptLookupOptions {
  /** Of how many last ids an earlier occurrence is looked for first; 3 by default. */
  readonly longest?: number | undefined;
  /** With how few it is content; 1 by default. */
  readonly shortest?: number | undefined;
}

/**
 * Drafts by copying: looks for the latest earlier occurrence of the last n ids, the longest n first, and proposes what followed it there. It costs next to nothing, and
 * often guesses right where a text repeats its prompt: summaries, corrections, code. A copy that arrives at the end of the text goes on in itself, so that a pattern that has begun to
 * repeat is drafted as far as is asked for.
 *
 * Throws `ConfigError` unless longest and shortest are whole numbers with 1 ≤ shortest ≤ longest.
 *
 * Saxena 2023, "Prompt lookup decoding".
 *
 * @example
 * ```ts
 * const copied = functionModel((ids) => [0, 1, 2, 3].map((id) => (id === (ids.at(-1)! + 1) % 4 ? 1 : 0)), { vocabulary: 4 });
 * const generation = generate(copied, [0, 1, 2, 3, 0, 1], { search: speculative({ draft: promptLookup() }), maxTokens: 10 });
 * const found = [];
 * for await (const { id } of generation) found.push(id);
 * console.log(found.join(" "), generation.statistics.acceptedTokens); // 2 3 0 1 2 3 0 1 2 3 8
 * ```
 */
export function promptLookup(options: PromptLookupOptions = {}): Drafter {
  checkOptions("promptLookup()", options, { longest: 0, shortest: 0 });
  const { longest = 3, shortest = 1 } = options;
  if (!Number.isSafeInteger(longest) || !Number.isSafeInteger(shortest) || shortest < 1 || longest < shortest) {
    throw new ConfigError(
      `promptLookup() looks for the last ${longest} ids, then fewer, down to ${shortest}: whole numbers with 1 ≤ shortest ≤ longest are needed`,
      { longest, shortest },
    );
  }
  return {
    name: `promptLookup({ longest: ${longest}, shortest: ${shortest} })`,
    async propose(ids, count) {
      for (let n = Math.min(longest, ids.length - 1); n >= shortest; n--) {
        const start = afterLatest(ids, n);
        if (start === undefined) continue;
        const all = [...ids];
        for (let i = 0; i < count; i++) all.push(all[start + i]!);
        return { ids: all.slice(ids.length) };
      }
      return { ids: [] };
    },
  };
}

/** Where the latest earlier occurrence of the last n ids ends. */
function afterLatest(ids: readonly number[], n: number): number | undefined {
  const last = ids.length - n;
  for (let start = last - 1; start >= 0; start--) {
    let same = 0;
    while (same < n && ids[start + same] === ids[last + same]) same++;
    if (same === n) return start + n;
  }
  return undefined;
}
