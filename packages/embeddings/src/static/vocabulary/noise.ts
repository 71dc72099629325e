import { ConfigError } from "@tenon/tensor";

/**
 * The noise that negatives are drawn from, P(w) ∝ count(w)^exponent, as cells of the alias method (Walker 1977; Vose 1991): a number of a
 * cell and one to compare with its threshold give a draw, in one step and with two numbers per word. [v, 2]: the threshold, from 0 to
 * 2³² − 1, below which the cell's own word is drawn, and the word that is drawn else.
 *
 * Throws a ConfigError where fewer than two words have a chance, since a negative differs from its target.
 */
export function noiseCells(counts: ArrayLike<number>, exponent: number): Int32Array {
  const weights = Float64Array.from(counts, (count) => count ** exponent);
  const likely = weights.reduce((n, weight) => n + (weight > 0 ? 1 : 0), 0);
  if (likely < 2) {
    throw new ConfigError(
      `negative sampling needs two words at least to draw from, and there ${likely === 1 ? "is one" : "are none"}; take more text or a lower minimum count`,
      { words: likely },
    );
  }
  const total = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => (weight / total) * weights.length);
  const cells = new Int32Array(2 * shares.length);
  const small: number[] = [];
  const large: number[] = [];
  shares.forEach((share, word) => (share < 1 ? small : large).push(word));
  // Each cell below its share of 1 is filled up with a word that has more.
  while (small.length > 0 && large.length > 0) {
    const [poor, rich] = [small.pop()!, large.at(-1)!];
    cells[2 * poor] = shares[poor]! * 2 ** 32;
    cells[2 * poor + 1] = rich;
    shares[rich]! -= 1 - shares[poor]!;
    if (shares[rich]! < 1) small.push(large.pop()!);
  }
  for (const word of [...small, ...large]) cells.set([-1, word], 2 * word); // rounding leaves some a little off 1
  return cells;
}
