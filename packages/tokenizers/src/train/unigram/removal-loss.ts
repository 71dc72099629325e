import { bestPath } from "./best-path.ts";
import type { Lattices } from "./lattices.ts";

/**
 * How much the log-likelihood of the texts falls when one piece is removed (Kudo 2018, section 3.2): its uses c go to the pieces of the best
 * other way to write it, k of them. With C the uses of all pieces,
 *
 * loss = c · (log(c / C) − Σ over those pieces of log((c(piece) + c) / (C + (k − 1) c))).
 *
 * `own` holds the pieces themselves as strings, each written in others.
 */
export function removalLoss(
  own: Lattices,
  piece: number,
  counts: Float64Array,
  total: number,
  logProbabilities: Float64Array,
): number {
  const uses = counts[piece]!;
  const others = bestPath(own, piece, logProbabilities)!;
  const newTotal = total + (others.length - 1) * uses;
  const without = others.reduce((sum, other) => sum + Math.log((counts[other]! + uses) / newTotal), 0);
  return uses * (Math.log(uses / total) - without);
}
