/** Where the queries of one head look on average, as shares of their weight. */
export interface PatternSummary {
  readonly self: number;
  readonly before: number;
  readonly first: number;
}

/** Sums a pattern [t, s] up. Queries that have no token before them, or are the first themselves, count where they can. */
export function summaryOf(pattern: ArrayLike<number>, queries: number, keys: number): PatternSummary {
  const sums = { self: 0, before: 0, first: 0 };
  for (let query = 0; query < queries; query++) {
    sums.self += pattern[query * keys + query] ?? 0;
    if (query > 0) sums.before += pattern[query * keys + query - 1] ?? 0;
    sums.first += pattern[query * keys]!;
  }
  return {
    self: sums.self / queries,
    before: queries > 1 ? sums.before / (queries - 1) : 0,
    first: sums.first / queries,
  };
}

/** The keys that a query looks at most, the most first. */
export function mostSeen(
  row: ArrayLike<number>,
  count: number,
): readonly { readonly key: number; readonly weight: number }[] {
  return Array.from(row, (weight, key) => ({ key, weight }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count);
}
