/** Steps of the table, from −8 to 8. */
const steps = 512;
const bound = 8;

const table: Float32Array = Float32Array.from({ length: steps + 1 }, (_, i) => {
  const x = Math.fround((2 * bound * i) / steps) - bound;
  return 1 / (1 + Math.exp(-x));
});

/**
 * The logistic function as fastText computes it: from a table of 512 steps of 1/32 between −8 and 8, rounded down to a step, 0 and 1
 * beyond. What a model was trained with is what it predicts with.
 */
export function tabulatedSigmoid(x: number): number {
  if (x < -bound) return 0;
  if (x > bound) return 1;
  return table[Math.floor((Math.fround(x + bound) * steps) / bound / 2)]!;
}
