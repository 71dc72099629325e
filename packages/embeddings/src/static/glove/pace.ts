/** How long a thread is kept from other work, in milliseconds. */
const turn = 50;

/** Lets timers and events run in a long computation that awaits nothing else: without it, none of them could abort it. */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** To be called often. Throws the signal's reason once it is aborted. */
  async step(): Promise<void> {
    if (performance.now() - this.#since > turn) {
      await new Promise((done) => setTimeout(done));
      this.#since = performance.now();
    }
    this.#signal?.throwIfAborted();
  }
}
