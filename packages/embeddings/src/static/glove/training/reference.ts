import { pairLength, type PairViews } from "./pairs.ts";
import type { RowLayout } from "./row-layout.ts";

/** How far a step goes. */
export interface StepSize {
  readonly rate: number;
  /** Components of gradients are cut off here. */
  readonly clip: number;
}

/** What came of some pairs. */
export interface PairsResult {
  /** Σ ½ f(x) (wᵀw̃ + b + b̃ − log x)². */
  readonly loss: number;
  /** Pairs whose loss was no finite number; they have changed nothing. */
  readonly skipped: number;
}

/**
 * Trains on pairs, one after the other, in plain TypeScript: what the kernel must come to. With e = wᵀw̃ + b + b̃ − log x, AdaGrad (Duchi,
 * Hazan and Singer 2011) makes of each component of w
 *
 *     g ← rate · clip(f(x) e w̃)      w ← w − g / √s      s ← s + g²
 *
 * and the same of w̃, with the values from before the step; s begins with 1. Biases are not clipped and have rate 1, as in the original.
 */
export function trainPairs(rows: Float32Array, layout: RowLayout, pairs: PairViews, step: StepSize): PairsResult {
  const { vocabulary, width, padded, row } = layout;
  const { rate, clip } = step;
  let [loss, skipped] = [0, 0];
  const clipped = (x: number): number => Math.min(Math.max(x, -clip), clip);
  for (let p = 0; p < pairs.integers.length; p += pairLength) {
    const w = pairs.integers[p]! * row;
    const c = (vocabulary + pairs.integers[p + 1]!) * row;
    const [logarithm, weight] = [pairs.floats[p + 2]!, pairs.floats[p + 3]!];
    const bias = 2 * padded;

    let error = rows[w + bias]! + rows[c + bias]! - logarithm;
    for (let i = 0; i < width; i++) error += rows[w + i]! * rows[c + i]!;
    const slope = weight * error;
    if (!Number.isFinite(slope * error)) {
      skipped++;
      continue;
    }
    loss += 0.5 * slope * error;

    for (let i = 0; i < width; i++) {
      const ofWord = rate * clipped(slope * rows[c + i]!);
      const ofContext = rate * clipped(slope * rows[w + i]!);
      rows[w + i]! -= ofWord / Math.sqrt(rows[w + padded + i]!);
      rows[c + i]! -= ofContext / Math.sqrt(rows[c + padded + i]!);
      rows[w + padded + i]! += ofWord ** 2;
      rows[c + padded + i]! += ofContext ** 2;
    }
    for (const at of [w + bias, c + bias]) {
      rows[at]! -= slope / Math.sqrt(rows[at + 1]!);
      rows[at + 1]! += slope ** 2;
    }
  }
  return { loss, skipped };
}
