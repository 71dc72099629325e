import type { GenerationEvent, ShownToken } from "./generated.ts";

/** The least time between two messages to the page, in milliseconds: a fast model gives more tokens than a screen shows pictures. */
const pace = 30;

/** Tells tokens to the page: the first at once, then together what has come meanwhile. */
export class PacedEvents {
  readonly #told: (event: GenerationEvent) => void;
  #waiting: ShownToken[] = [];
  #last = -Infinity;

  constructor(told: (event: GenerationEvent) => void) {
    this.#told = told;
  }

  push(token: ShownToken): void {
    this.#waiting.push(token);
    if (performance.now() - this.#last >= pace) this.flush();
  }

  /** Tells what still waits. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#told({ kind: "tokens", tokens: this.#waiting });
    this.#waiting = [];
    this.#last = performance.now();
  }
}
