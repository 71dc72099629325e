import { ConfigError } from "@tenon/tensor";

/**
 * How far two lists of numbers are on a line, from −1 to 1: Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²), Pearson's r. NaN where all numbers of
 * a list are the same. Throws `ConfigError` for lists of different lengths, or of fewer than two numbers.
 */
export function pearson(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length || x.length < 2)
    throw new ConfigError(
      `a correlation is of two lists of the same length, at least 2, got ${x.length} and ${y.length} numbers`,
      { lengths: [x.length, y.length] },
    );
  const mean = (those: readonly number[]): number => those.reduce((sum, each) => sum + each, 0) / those.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  let [together, ofX, ofY] = [0, 0, 0];
  for (const [i, value] of x.entries()) {
    const [dx, dy] = [value - middleX, y[i]! - middleY];
    together += dx * dy;
    ofX += dx * dx;
    ofY += dy * dy;
  }
  return together / Math.sqrt(ofX * ofY);
}

/**
 * How far two lists of numbers rise together, from −1 to 1: {@link pearson} of their ranks, Spearman's ρ. Equal numbers share the mean of their
 * ranks. Throws what `pearson` throws.
 *
 * @see Spearman 1904, "The proof and measurement of association between two things".
 */
export function spearman(x: readonly number[], y: readonly number[]): number {
  return pearson(ranksOf(x), ranksOf(y));
}

function ranksOf(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (const i of order.slice(from, to)) ranks[i] = (from + to + 1) / 2;
  }
  return ranks;
}
