import type { Turns } from "../workers/turns.ts";

/** What runs for longer than a moment, one after the other, and can be stopped. */
export class Running {
  readonly #turns: Turns;
  #stopping = new AbortController();

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Runs `body` when its turn has come; its signal is aborted by {@link stop}, also while it still waits. */
  start<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#stopping;
    return this.#turns.take(() => body(signal));
  }

  /** Stops what runs, and what waits for its turn. */
  stop(): void {
    this.#stopping.abort();
    this.#stopping = new AbortController();
  }
}
