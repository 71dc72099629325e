import { type LabelTree } from "./label-tree.ts";
import type { RowMatrix } from "./matrix.ts";
import type { FastTextLoss } from "./settings.ts";
import { tabulatedSigmoid } from "./sigmoid-table.ts";

/** A label's number and the logarithm of its probability. */
export interface ScoredLabel {
  readonly label: number;
  readonly score: number;
}

/** The original's logarithm: the small number keeps it finite, and is in every probability that it gives. */
const logarithm = (x: number): number => Math.fround(Math.log(x + 1e-5));
const better = (a: ScoredLabel, b: ScoredLabel): number => b.score - a.score || a.label - b.label;

/** The labels with the k highest probabilities that are at least the threshold, the best first. */
export function bestOf(probabilities: Float32Array, k: number, threshold: number): ScoredLabel[] {
  const found: ScoredLabel[] = [];
  const least = Math.fround(threshold);
  for (let label = 0; label < probabilities.length; label++) {
    const probability = probabilities[label]!;
    if (probability >= least) found.push({ label, score: logarithm(probability) });
  }
  return found.sort(better).slice(0, k);
}

/** The probability of each output row, [v], from the hidden vector, [d]: softmax over all, or each for itself. */
export function probabilitiesOf(
  output: RowMatrix,
  hidden: Float32Array,
  loss: Exclude<FastTextLoss, "hierarchical-softmax">,
): Float32Array {
  const p = new Float32Array(output.rows);
  for (let i = 0; i < p.length; i++) p[i] = output.dotRow(i, hidden);
  if (loss !== "softmax") return p.map(tabulatedSigmoid);
  let largest = -Infinity;
  for (const x of p) largest = Math.max(largest, x);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    p[i] = Math.exp(Math.fround(p[i]! - largest));
    sum = Math.fround(sum + p[i]!);
  }
  for (let i = 0; i < p.length; i++) p[i]! /= sum;
  return p;
}

/**
 * The k best leaves of a tree of binary decisions, found without visiting what cannot be among them: a leaf's probability is the product of
 * σ(±h · row) on the way to it.
 */
export function bestLeaves(
  tree: LabelTree,
  output: RowMatrix,
  hidden: Float32Array,
  k: number,
  threshold: number,
): ScoredLabel[] {
  const found: ScoredLabel[] = [];
  const least = logarithm(Math.fround(threshold));
  const stack = [{ node: 2 * tree.leaves - 2, score: 0 }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, score } = top;
    if (score < least || (found.length === k && score < found[k - 1]!.score)) continue;
    if (node < tree.leaves) {
      insert(found, { label: node, score });
      if (found.length > k) found.pop();
      continue;
    }
    const inner = node - tree.leaves;
    const right = Math.fround(1 / (1 + Math.exp(-output.dotRow(inner, hidden))));
    const left = Math.fround(1 - right);
    // The left one is looked at first, as in the original.
    stack.push({ node: tree.children[2 * inner + 1]!, score: Math.fround(score + logarithm(right)) });
    stack.push({ node: tree.children[2 * inner]!, score: Math.fround(score + logarithm(left)) });
  }
  return found;
}

/** Puts a label in its place among those that are sorted. */
function insert(sorted: ScoredLabel[], entry: ScoredLabel): void {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (better(entry, sorted[middle]!) < 0) high = middle;
    else low = middle + 1;
  }
  sorted.splice(low, 0, entry);
}
