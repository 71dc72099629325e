import type { SmallRandom } from "../../training/small-random.ts";

/** Pairs are moved as the four numbers that they are; they have no other meaning here. */
const length = 4;

/** Brings the pairs of an array into random order, in place (Fisher and Yates; Durstenfeld 1964). */
export function shuffle(pairs: Int32Array, random: SmallRandom): void {
  for (let left = pairs.length / length; left > 1; left--) {
    const [a, b] = [length * random.below(left), length * (left - 1)];
    for (let i = 0; i < length; i++) {
      const moved = pairs[a + i]!;
      pairs[a + i] = pairs[b + i]!;
      pairs[b + i] = moved;
    }
  }
}
