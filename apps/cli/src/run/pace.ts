/** Estimates how long a run still takes, from how long it took so far. */
export class Pace {
  readonly #began: number;
  readonly #first: number;
  readonly #steps: number;

  /** @param first steps that were taken before now */
  constructor(first: number, steps: number, now: number = performance.now()) {
    this.#began = now;
    this.#first = first;
    this.#steps = steps;
  }

  /** Seconds that the remaining steps take if they go on as before, evaluation and saving included. */
  secondsLeft(step: number, now: number = performance.now()): number {
    const done = step - this.#first;
    return done === 0 ? 0 : ((now - this.#began) / 1000 / done) * (this.#steps - step);
  }

  secondsSoFar(now: number = performance.now()): number {
    return (now - this.#began) / 1000;
  }
}
