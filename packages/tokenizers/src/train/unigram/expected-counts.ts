import type { Lattices } from "./lattices.ts";

/** What the expectation step finds. */
export interface Expectation {
  /** How often each piece is used, over all ways to write the strings, each weighted by its probability. */
  readonly counts: Float64Array;
  /** Σ count(string) · log p(string). */
  readonly logLikelihood: number;
}

/**
 * The expectation step of EM for some strings, by the forward–backward algorithm (Kudo 2018, section 3.2). With α(i) and β(i) the
 * probabilities of what lies before and after a place, a piece between i and j is used
 * count(string) · α(i) · p(piece) · β(j) / p(string) times.
 *
 * All in logarithms: a string of a few hundred characters is less probable than the smallest number.
 */
export class ExpectedCounts implements Expectation {
  readonly counts: Float64Array;
  logLikelihood = 0;
  readonly #lattices: Lattices;
  readonly #weights: readonly number[];
  readonly #logProbabilities: Float64Array;
  readonly #before: Float64Array;
  readonly #after: Float64Array;

  constructor(lattices: Lattices, weights: readonly number[], logProbabilities: Float64Array) {
    this.counts = new Float64Array(logProbabilities.length);
    this.#lattices = lattices;
    this.#weights = weights;
    this.#logProbabilities = logProbabilities;
    const most = lattices.nodes.reduce((longest, nodes) => Math.max(longest, nodes), 0);
    this.#before = new Float64Array(most);
    this.#after = new Float64Array(most);
  }

  /** Adds one string. */
  add(string: number): void {
    const { nodes, first, from, to, piece } = this.#lattices;
    const [before, after, logs] = [this.#before, this.#after, this.#logProbabilities];
    const [start, stop, end] = [first[string]!, first[string + 1]!, nodes[string]! - 1];
    before.fill(-Infinity, 0, end + 1);
    after.fill(-Infinity, 0, end + 1);
    before[0] = 0;
    after[end] = 0;
    for (let edge = start; edge < stop; edge++) {
      const at = to[edge]!;
      before[at] = addLogs(before[at]!, before[from[edge]!]! + logs[piece[edge]!]!);
    }
    for (let edge = stop - 1; edge >= start; edge--) {
      const at = from[edge]!;
      after[at] = addLogs(after[at]!, after[to[edge]!]! + logs[piece[edge]!]!);
    }
    const total = before[end]!;
    const weight = this.#weights[string]!;
    for (let edge = start; edge < stop; edge++) {
      const id = piece[edge]!;
      this.counts[id]! += weight * Math.exp(before[from[edge]!]! + logs[id]! + after[to[edge]!]! - total);
    }
    this.logLikelihood += weight * total;
  }
}

/** log(eᵃ + eᵇ) without leaving the range of numbers. */
function addLogs(a: number, b: number): number {
  if (a < b) return a === -Infinity ? b : b + Math.log1p(Math.exp(a - b));
  return b === -Infinity ? a : a + Math.log1p(Math.exp(b - a));
}
