/**
 * Pairs of words as the training reads them, four numbers of 32 bits each: word and context as integers, log x and f(x) as floats. Both are
 * computed once, not in each iteration.
 */
export interface PairViews {
  readonly integers: Int32Array<ArrayBuffer>;
  readonly floats: Float32Array<ArrayBuffer>;
}

/** Numbers of 32 bits in a pair. */
export const pairLength = 4;
export const pairBytes = 16;

/** Room for so many pairs. */
export function newPairs(count: number): PairViews {
  const buffer = new ArrayBuffer(count * pairBytes);
  return { integers: new Int32Array(buffer), floats: new Float32Array(buffer) };
}
