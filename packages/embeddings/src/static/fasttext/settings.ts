import type { SubwordSettings } from "./subwords.ts";

/** What a fastText model was trained to do: word vectors by CBOW or skip-gram, or a classifier. */
export type FastTextTask = "cbow" | "skip-gram" | "supervised";
/** How its output layer was trained, and is read. */
export type FastTextLoss = "hierarchical-softmax" | "negative-sampling" | "softmax" | "one-vs-all";

/** How a model was trained: kept in its file, and of no use to what it computes. */
export interface FastTextTrainingSettings {
  /** The largest distance of a context word. */
  readonly window: number;
  readonly epochs: number;
  /** How often a word had to occur. */
  readonly minimumCount: number;
  /** Negative samples for each positive one. */
  readonly negatives: number;
  /** After how many words of a thread the learning rate fell. */
  readonly learningRateUpdate: number;
  /** The share of the text above which a word was sub-sampled. */
  readonly subsample: number;
}

/** All settings that a fastText file holds. */
export interface FastTextSettings {
  readonly task: FastTextTask;
  readonly loss: FastTextLoss;
  /** d, numbers in a vector. */
  readonly width: number;
  readonly subwords: SubwordSettings;
  readonly training: FastTextTrainingSettings;
}
