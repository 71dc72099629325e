const offset = 0x811c9dc5;
const prime = 0x01000193;

/**
 * FNV-1a over bytes, 32 bits without a sign, as fastText has always computed it: each byte is a signed char there, so that one from 128 on
 * also flips the upper 24 bits. Every published model depends on it.
 */
export function hash(bytes: Uint8Array, begin = 0, end: number = bytes.length): number {
  let h = offset;
  for (let i = begin; i < end; i++) h = Math.imul(h ^ ((bytes[i]! << 24) >> 24), prime);
  return h >>> 0;
}

const factor = 116049371;
const factorHigh = factor >>> 16;
const factorLow = factor & 0xffff;

/**
 * Calls back with the bucket of each word n-gram of a line: all runs of 2 to `longest` words, from the words' hashes. A run's hash is
 * h(w₁ … wₙ) = h(w₁ … wₙ₋₁) · 116049371 + h(wₙ) modulo 2⁶⁴, where the hash of a word counts as signed.
 *
 * @see Joulin, Grave, Bojanowski, Mikolov 2017, "Bag of tricks for efficient text classification".
 */
export function wordNgramBuckets(
  hashes: readonly number[],
  longest: number,
  buckets: number,
  found: (bucket: number) => void,
): void {
  for (let i = 0; i < hashes.length; i++) {
    // 64 bits as two halves: a BigInt for each would take most of the time of a classification.
    let low = hashes[i]! | 0;
    let high = low >> 31;
    for (let j = i + 1; j < hashes.length && j < i + longest; j++) {
      const next = hashes[j]! | 0;
      const carried = highOfProduct(low >>> 0) + Math.imul(high, factor);
      const product = Math.imul(low, factor);
      const sum = (product >>> 0) + (next >>> 0);
      high = (carried + (next >> 31) + (sum >= 2 ** 32 ? 1 : 0)) | 0;
      low = sum | 0;
      // 16 bits at a time, so that no product passes 2⁵³.
      let rest = (high >>> 0) % buckets;
      rest = (rest * 65536 + (low >>> 16)) % buckets;
      found((rest * 65536 + (low & 0xffff)) % buckets);
    }
  }
}

/** The upper half of the 64 bits of x · factor. */
function highOfProduct(x: number): number {
  const xHigh = x >>> 16;
  const xLow = x & 0xffff;
  const middle = xHigh * factorLow + ((xLow * factorLow) >>> 16);
  const other = xLow * factorHigh + (middle & 0xffff);
  return xHigh * factorHigh + Math.floor(middle / 65536) + (other >>> 16);
}
