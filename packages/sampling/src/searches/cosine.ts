/** A vector [d] at length 1; one of zeros stays as it is, and is like nothing. */
export function unit(vector: Float32Array): Float32Array {
  let square = 0;
  for (const x of vector) square += x * x;
  const length = Math.sqrt(square);
  return length === 0 ? vector : vector.map((x) => x / length);
}

/** maxⱼ cos(a, bⱼ) of vectors [d] at length 1. */
export function largestCosine(a: Float32Array, others: readonly Float32Array[]): number {
  let max = -Infinity;
  for (const b of others) {
    let dot = 0;
    for (let i = 0; i < a.length; i++) dot += a[i]! * b[i]!;
    max = Math.max(max, dot);
  }
  return max;
}
