import type { Turns } from "../workers/turns.ts";

/** What runs for longer than a moment, one after the other, and can be stopped. */
export class Running {
  readonly #turns: Turns;
  readonly #explain: (error: unknown) => Promise<unknown>;
  #stopping = new AbortController();

  /** `explain` may find what is behind an error. */
  constructor(turns: Turns, explain: (error: unknown) => Promise<unknown> = async (error) => error) {
    this.#turns = turns;
    this.#explain = explain;
  }

  /** Runs `body` when its turn has come; its signal is aborted by {@link stop}, also while it still waits. */
  start<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#stopping;
    return this.#turns.take(async () => {
      try {
        return await body(signal);
      } catch (error) {
        throw await this.#explain(error);
      }
    });
  }

  /** Stops what runs, and what waits for its turn. */
  stop(): void {
    this.#stopping.abort();
    this.#stopping = new AbortController();
  }
}
