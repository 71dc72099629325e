import { ConfigError, type Random } from "@tenon/tensor";

import { mixed } from "../build/mixed.ts";

const rounds = 6;

/**
 * A random order of 0 … length − 1 without a list of them: gives what stands at a place, in constant time and memory. A Feistel network permutes the numbers
 * of 2k bits, L, R → R, L ⊕ f(R), the smallest such range that has room; what falls outside 0 … length − 1 is sent through again until it is inside (cycle
 * walking), at most four times on average.
 *
 * Luby & Rackoff 1988, "How to construct pseudorandom permutations from pseudorandom functions"; Black & Rogaway 2002, "Ciphers with arbitrary finite
 * domains".
 *
 * Throws `ConfigError` unless `length` is a whole number from 1 to 2⁵⁰; the order throws it for a place outside.
 *
 * @example
 * ```ts
 * const order = permutation(5, random(1));
 * console.log([0, 1, 2, 3, 4].map(order).sort()); // [ 0, 1, 2, 3, 4 ]
 * ```
 */
export function permutation(length: number, random: Random): (place: number) => number {
  if (!Number.isSafeInteger(length) || length < 1 || length > 2 ** 50) {
    throw new ConfigError(`permutation: length must be a whole number from 1 to 2^50, got ${length}`, { length });
  }
  let bits = 1;
  while (4 ** bits < length) bits++;
  const half = 2 ** bits;
  const keys = Array.from({ length: rounds }, () => random.integer(2 ** 32));
  const once = (place: number): number => {
    let left = Math.floor(place / half);
    let right = place % half;
    for (const key of keys) [left, right] = [right, left ^ (mixed(right ^ key) & (half - 1))];
    return left * half + right;
  };
  return (place) => {
    if (!Number.isSafeInteger(place) || place < 0 || place >= length) {
      throw new ConfigError(`permutation: place must be a whole number from 0 to ${length - 1}, got ${place}`, {
        place,
      });
    }
    let at = once(place);
    while (at >= length) at = once(at);
    return at;
  };
}
