/** Pearson's statistic of counts against the weights of what can occur, which need not sum to 1. */
export function chiSquare(counts: readonly number[], weights: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, i) => {
    const expected = (draws * weight) / total;
    return weight === 0 ? sum : sum + (counts[i]! - expected) ** 2 / expected;
  }, 0);
}
