import type { Learned } from "./learner.ts";

/** What a training run tells while it runs. */
export interface TrainingProgress {
  /** How much is done, from 0 to 1. */
  readonly share: number;
  /** Words learned from so far, each epoch's counted. */
  readonly words: number;
  readonly wordsPerSecond: number;
  /** The mean loss of the examples since the last report, in nats. */
  readonly loss: number;
  readonly secondsLeft: number;
}

/** Keeps count of a run. */
export class Tally {
  readonly epochs: { words: number; examples: number; loss: number }[];
  readonly #begun: number = performance.now();
  readonly #firstShare: number;
  #words = 0;
  #recent: { examples: number; loss: number } = { examples: 0, loss: 0 };

  /** Goes on from what was counted before, when so much was done. */
  constructor(epochs: readonly Learned[], share: number) {
    this.epochs = epochs.map((each) => ({ ...each }));
    this.#firstShare = share;
  }

  add(epoch: number, { words, examples, loss }: Learned): void {
    const each = (this.epochs[epoch] ??= { words: 0, examples: 0, loss: 0 });
    each.words += words;
    each.examples += examples;
    each.loss += loss;
    this.#words += words;
    this.#recent.examples += examples;
    this.#recent.loss += loss;
  }

  get seconds(): number {
    return (performance.now() - this.#begun) / 1000;
  }

  /** The report at a share of the whole. */
  progress(share: number): TrainingProgress {
    const { seconds } = this;
    const { examples, loss } = this.#recent;
    this.#recent = { examples: 0, loss: 0 };
    const done = share - this.#firstShare;
    return {
      share,
      words: this.epochs.reduce((sum, { words }) => sum + words, 0),
      wordsPerSecond: this.#words / seconds,
      loss: examples === 0 ? 0 : loss / examples,
      secondsLeft: done === 0 ? 0 : (seconds / done) * (1 - share),
    };
  }
}
