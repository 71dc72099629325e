import { random } from "@tenon/tensor";

import { SmallRandom } from "../../training/small-random.ts";
import type { RowLayout } from "./row-layout.ts";

/**
 * Fills the rows with what a training begins with, as the original does: vectors and biases are drawn evenly from −½/d to ½/d, and all sums
 * of squares are 1.
 */
export function initialize(rows: Float32Array, layout: RowLayout, seed: number): void {
  const { width, padded, row } = layout;
  const { key } = random(seed).fork("parameters");
  const dice = new SmallRandom(Int32Array.of(key[0], key[1] | 1)); // not both 0
  const draw = (): number => (dice.next() / 2 ** 32 - 0.5) / width;
  for (let from = 0; from < layout.length; from += row) {
    for (let i = 0; i < width; i++) rows[from + i] = draw();
    rows.fill(0, from + width, from + padded);
    rows.fill(1, from + padded, from + 2 * padded);
    rows[from + 2 * padded] = draw();
    rows.fill(1, from + 2 * padded + 1, from + row);
  }
}

/**
 * What becomes of a word: the sum w + w̃ of its vectors as word and as context, which Pennington et al. 2014 found the best (section 4.2), w
 * alone, or w, b, w̃ and b̃ one after the other.
 */
export type VectorsKind = "sum" | "word" | "everything";

/** The vectors of all words, [v, d], or [v, 2 (d + 1)] where they hold everything. */
export function vectorsOf(rows: Float32Array, layout: RowLayout, kind: VectorsKind): Float32Array<ArrayBuffer> {
  const { vocabulary, width, padded, row } = layout;
  const columns = kind === "everything" ? 2 * (width + 1) : width;
  const vectors = new Float32Array(vocabulary * columns);
  for (let word = 0; word < vocabulary; word++) {
    const [w, c, to] = [word * row, (vocabulary + word) * row, word * columns];
    vectors.set(rows.subarray(w, w + width), to);
    if (kind === "sum") for (let i = 0; i < width; i++) vectors[to + i]! += rows[c + i]!;
    if (kind !== "everything") continue;
    vectors[to + width] = rows[w + 2 * padded]!;
    vectors.set(rows.subarray(c, c + width), to + width + 1);
    vectors[to + 2 * width + 1] = rows[c + 2 * padded]!;
  }
  return vectors;
}
