/** Jobs that run one after another, each once the one before it has settled. They do not fail: a job keeps its error to itself. */
export class Queue {
  #waiting = 0;
  /** Resolves once every job pushed so far is done. */
  done: Promise<void> = Promise.resolve();

  /** Is a job waiting or running? */
  get busy(): boolean {
    return this.#waiting > 0;
  }
  push(job: () => void | Promise<void>): void {
    this.#waiting++;
    this.done = this.done.then(job).then(() => {
      this.#waiting--;
    });
  }
}
