import { ConfigError, type Random } from "@tenon/tensor";

import { strideOf } from "./plan.ts";

/** Fills the first `width` numbers of each row evenly from −½ / width to ½ / width, as word2vec does. */
export function fillRows(rows: Float32Array, width: number, source: Random): void {
  const stride = strideOf(width);
  for (let row = 0; row < rows.length; row += stride)
    for (let i = 0; i < width; i++) rows[row + i] = (source.uniform() - 0.5) / width;
}

/** Rows without the room that was left between them, [n, d]. Throws a ConfigError where a number is none: the learning went astray. */
export function copyRows(rows: Float32Array, width: number): Float32Array {
  const stride = strideOf(width);
  const copy = new Float32Array((rows.length / stride) * width);
  for (let from = 0, to = 0; from < rows.length; from += stride, to += width)
    copy.set(rows.subarray(from, from + width), to);
  const wrong = copy.findIndex((x) => !Number.isFinite(x));
  if (wrong < 0) return copy;
  throw new ConfigError(
    `the training diverged: vector ${Math.floor(wrong / width)} has a number ${copy[wrong]!}; take a smaller learningRate`,
    { row: Math.floor(wrong / width) },
  );
}
