import type { RunState, TrainerState } from "../trainer/run-state.ts";

/** Milliseconds between two drawings of the losses. */
const interval = 400;

/**
 * Lets the large parts of what a worker tells be the same objects for as long as they may: ten times a second it tells numbers, and a list of samples, or a chart, that
 * is the same need not be drawn again.
 */
export class Steady {
  #last: RunState | undefined;
  #drawn = 0;

  of(state: TrainerState, now: number = performance.now()): TrainerState {
    if (state.phase === "preparing") return state;
    const last = this.#last?.name === state.name ? this.#last : undefined;
    const isDue = last?.phase !== state.phase || now - this.#drawn >= interval;
    if (isDue) this.#drawn = now;
    this.#last = {
      ...state,
      curve: last !== undefined && !isDue ? last.curve : state.curve,
      samples: last !== undefined && sameSamples(last, state) ? last.samples : state.samples,
    };
    return this.#last;
  }
}

const sameSamples = (a: RunState, b: RunState): boolean =>
  a.samples.length === b.samples.length && a.samples.at(-1)?.step === b.samples.at(-1)?.step;
