/**
 * The error function to double precision: e^(−x²) · 2/√π · Σₙ 2ⁿ x^(2n+1) / (1·3·5 … (2n+1)), whose terms all have one sign, so
 * nothing cancels (Abramowitz and Stegun 7.1.6). Beyond 6 the result is ±1 to the last bit.
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) >= 6) return Math.sign(x);
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
}
