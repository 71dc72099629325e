/** How much a new step counts in the means. */
const share = 0.04;

/** How fast a run is: means over the last steps, with what comes between them. */
export class Pace {
  #seconds: number | undefined;
  #tokensPerSecond: number | undefined;
  #last: number | undefined;

  /** What passes until the next step is no part of it. */
  start(now: number = performance.now()): void {
    this.#last = now;
  }

  step(tokensPerSecond: number, now: number = performance.now()): void {
    const seconds = (now - (this.#last ?? now)) / 1000;
    this.#last = now;
    this.#seconds = blend(this.#seconds, seconds);
    this.#tokensPerSecond = blend(this.#tokensPerSecond, tokensPerSecond);
  }

  get tokensPerSecond(): number | undefined {
    return this.#tokensPerSecond;
  }
  /** What so many steps take; undefined before the first. */
  secondsFor(steps: number): number | undefined {
    return this.#seconds === undefined ? undefined : this.#seconds * steps;
  }
}

const blend = (mean: number | undefined, value: number): number =>
  mean === undefined ? value : mean + share * (value - mean);
