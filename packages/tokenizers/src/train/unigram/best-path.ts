import type { Lattices } from "./lattices.ts";

/**
 * The pieces of the most probable way to write one string, argmax over segmentations of Σ log p(piece), by the algorithm of
 * Viterbi 1967; undefined when no way leads through. Of equally probable ways it takes the one whose last pieces begin first.
 */
export function bestPath(lattices: Lattices, string: number, logProbabilities: Float64Array): number[] | undefined {
  const { first, from, to, piece } = lattices;
  const end = lattices.nodes[string]! - 1;
  const best = new Float64Array(end + 1).fill(-Infinity);
  const arrival = new Int32Array(end + 1).fill(-1);
  best[0] = 0;
  for (let edge = first[string]!; edge < first[string + 1]!; edge++) {
    const score = best[from[edge]!]! + logProbabilities[piece[edge]!]!;
    if (score <= best[to[edge]!]!) continue;
    best[to[edge]!] = score;
    arrival[to[edge]!] = edge;
  }
  const path: number[] = [];
  for (let node = end; node > 0;) {
    const edge = arrival[node]!;
    if (edge < 0) return undefined;
    path.push(piece[edge]!);
    node = from[edge]!;
  }
  return path.reverse();
}
