/** How often each n-gram occurs. */
export type Counts = Map<string, number>;

/** The n-grams of a sequence, counted; `separator` stands between their parts. */
export function countNGrams(parts: readonly string[], n: number, separator: string): Counts {
  const counts: Counts = new Map();
  for (let i = 0; i + n <= parts.length; i++) {
    const nGram = parts.slice(i, i + n).join(separator);
    counts.set(nGram, (counts.get(nGram) ?? 0) + 1);
  }
  return counts;
}

/** How many n-grams the two have in common, each as often as in the one that has it less often. */
export function countMatches(one: Counts, other: Counts): number {
  let matches = 0;
  for (const [nGram, count] of one) matches += Math.min(count, other.get(nGram) ?? 0);
  return matches;
}

/** How many n-grams there are. */
export function countAll(counts: Counts): number {
  let all = 0;
  for (const count of counts.values()) all += count;
  return all;
}
