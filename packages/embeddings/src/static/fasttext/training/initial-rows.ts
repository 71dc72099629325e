import type { SmallRandom } from "../../training/small-random.ts";
import { strideOf } from "../../word2vec/plan.ts";

/** Fills the first d numbers of each row evenly from −1/d to 1/d, as fastText does. */
export function fillEvenly(rows: Float32Array, width: number, source: SmallRandom): void {
  const stride = strideOf(width);
  const step = 2 ** -31 / width;
  for (let row = 0; row < rows.length; row += stride)
    for (let i = 0; i < width; i++) rows[row + i] = (source.next() - 2 ** 31) * step;
}
