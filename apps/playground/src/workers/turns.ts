/** Lets one thing happen at a time: whoever asks waits until all who asked before are done. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `body` when its turn has come. A body that fails does not keep the next from its turn. */
  take<T>(body: () => Promise<T> | T): Promise<T> {
    const mine = this.#last.then(body);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
