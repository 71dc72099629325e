import type { WordVectors } from "../word-vectors.ts";

/** What came of a GloVe run. */
export interface GloveReport {
  /** The mean loss of each epoch's pairs: what the original program calls cost. */
  readonly losses: readonly number[];
  /** Pairs in an epoch. */
  readonly pairs: number;
  /** How long the training took; from the checkpoint on where it went on from one. */
  readonly seconds: number;
}

/** What GloVe gives. */
export interface Glove {
  /** The words' vectors, [v, d], or [v, 2 (d + 1)] where they hold everything. */
  readonly vectors: WordVectors;
  readonly report: GloveReport;
}
