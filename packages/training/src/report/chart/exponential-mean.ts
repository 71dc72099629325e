/**
 * Each value averaged with those before it, whose weights fall by 1 − 2 / (over + 1) from one to the next: about the mean of the last
 * `over`. The weights are scaled to a sum of 1, so that the first values are not drawn towards 0.
 */
export function exponentialMean(values: readonly number[], over: number): number[] {
  const keep = 1 - 2 / (over + 1);
  let sum = 0;
  let weights = 0;
  return values.map((value) => {
    sum = keep * sum + value;
    weights = keep * weights + 1;
    return sum / weights;
  });
}
