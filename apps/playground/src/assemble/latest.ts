/**
 * Asks again and again, and takes the latest answer alone: while one question is under way, only the last of those that come meanwhile is kept, and an
 * answer that is out of date when it comes is dropped. `pause` is how long, in milliseconds, it waits for yet another question.
 */
export class Latest<Question, Answer> {
  readonly #ask: (question: Question) => Promise<Answer | undefined>;
  readonly #take: (answer: Answer, question: Question) => void;
  readonly #pause: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: { readonly question: Question } | undefined;
  #busy = false;

  /** `ask` gives undefined where there is nothing to take. */
  constructor(
    ask: (question: Question) => Promise<Answer | undefined>,
    take: (answer: Answer, question: Question) => void,
    pause = 0,
  ) {
    [this.#ask, this.#take, this.#pause] = [ask, take, pause];
  }

  ask(question: Question): void {
    this.#waiting = { question };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#next(), this.#pause);
  }

  /** Drops what is asked for. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting = undefined;
  }

  async #next(): Promise<void> {
    if (this.#busy || this.#waiting === undefined) return;
    const { question } = this.#waiting;
    const mine = this.#waiting;
    this.#busy = true;
    const answer = await this.#ask(question).finally(() => (this.#busy = false));
    if (this.#waiting === mine) {
      this.#waiting = undefined;
      if (answer !== undefined) this.#take(answer, question);
    } else await this.#next();
  }
}
