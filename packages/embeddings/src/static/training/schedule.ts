/** A place in a training run. */
export interface Place {
  readonly epoch: number;
  /** Of the text, which each epoch goes through anew. */
  readonly byte: number;
}

/** The learning rate's least share of what it was at the beginning, as in word2vec. */
const leastRate = 1e-4;

/** How far a run is, and what its learning rate is there: it falls evenly to 0, or nearly so. */
export class Schedule {
  readonly #epochs: number;
  readonly #bytes: number;
  readonly #learningRate: number;

  constructor({ epochs, bytes, learningRate }: { epochs: number; bytes: number; learningRate: number }) {
    this.#epochs = epochs;
    this.#bytes = bytes;
    this.#learningRate = learningRate;
  }

  /** From 0 to 1. */
  shareAt({ epoch, byte }: Place): number {
    return Math.min(1, (epoch + byte / this.#bytes) / this.#epochs);
  }

  rateAt(place: Place): number {
    return this.#learningRate * Math.max(leastRate, 1 - this.shareAt(place));
  }
}
