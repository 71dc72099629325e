/**
 * How often each word is kept, as a number from 0 to 2³² − 1 that a random one must not exceed: with probability √(t / f) + t / f, f being
 * the word's share of all words, `total` of them, by default those that are counted (word2vec's formula; that of Mikolov et al. 2013, section 2.3, is √(t / f)). A threshold t of 0 keeps all.
 */
export function keepThresholds(
  counts: Float64Array,
  t: number,
  total: number = counts.reduce((a, b) => a + b, 0),
): Uint32Array {
  return Uint32Array.from(counts, (count) => {
    const ratio = t / (count / total);
    const kept = t === 0 ? 1 : Math.min(1, Math.sqrt(ratio) + ratio);
    return Math.round(kept * (2 ** 32 - 1));
  });
}
