/** Asks one thing at a time, and of all that was asked for meanwhile only the last: what came in between is of no use any more. */
export class LatestOnly {
  #asked = 0;
  #running = false;
  #next: (() => Promise<void>) | undefined;

  /** Runs `body` once nothing else runs. Its result goes to `then`, unless something newer was asked for by that time. */
  ask<T>(body: () => Promise<T>, then: (result: T) => void): void {
    const mine = ++this.#asked;
    this.#next = async () => {
      const result = await body();
      if (this.#asked === mine) then(result);
    };
    if (!this.#running) void this.#run();
  }

  /** Drops what is under way and what waits. */
  drop(): void {
    this.#asked++;
    this.#next = undefined;
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      for (let next = this.#next; next !== undefined; next = this.#next) {
        this.#next = undefined;
        await next();
      }
    } finally {
      this.#running = false;
    }
  }
}
