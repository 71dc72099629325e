import { ignored, type Sequences } from "./batch.ts";

/** What a batch of any kind may say of itself; what it leaves out is counted. */
interface Known {
  readonly tokens?: number;
  readonly predictions?: number;
}

/** What the batches of this package are made of, each present in some. */
interface Counted extends Known, Partial<Sequences> {
  readonly source?: Sequences;
  readonly first?: Sequences;
  readonly second?: Sequences;
  readonly targets?: Int32Array;
  readonly labels?: Int32Array | Float32Array;
}

/** How many tokens of text a batch holds: its own `tokens` where it says so, else those of all its sequences, without padding. */
export function tokensIn(batch: object): number {
  const { tokens, source, first, second, ...own } = batch as Counted;
  if (tokens !== undefined) return tokens;
  return [own, source, first, second].reduce((sum, part) => sum + realPositions(part), 0);
}

/**
 * How many things a batch asks for, which is its weight in a mean over batches: its own `predictions` where it says so, else the targets or
 * labels that are not ignored, else its rows, else 1.
 */
export function predictionsIn(batch: object): number {
  const { predictions, targets, labels, shape, first } = batch as Counted;
  if (predictions !== undefined) return predictions;
  if (targets !== undefined) return askedIn(targets);
  const rows = (shape ?? first?.shape)?.[0];
  if (labels !== undefined) return labels instanceof Int32Array ? askedIn(labels) : (rows ?? labels.length);
  return rows ?? 1;
}

/** How many targets or labels are not ignored. */
export const askedIn = (targets: Int32Array): number =>
  targets.reduce((count, target) => (target === ignored ? count : count + 1), 0);

function realPositions(sequences: Partial<Sequences> | undefined): number {
  if (sequences?.shape === undefined) return 0;
  const { lengths, shape } = sequences;
  return lengths === undefined ? shape[0] * shape[1] : lengths.reduce((total, length) => total + length, 0);
}
