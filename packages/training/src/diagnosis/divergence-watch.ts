import { expectPositive, expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

/** When a {@link DivergenceWatch} raises the alarm. */
export interface DivergenceOptions {
  /** How many times its best the smoothed loss has to be, at least. Default 1.25. */
  readonly factor?: number | undefined;
  /** For how many steps in a row. Default 100. */
  readonly steps?: number | undefined;
  /** Over about how many steps the loss is smoothed. Default 50. */
  readonly window?: number | undefined;
}

/** What a watch has seen so far, as plain data. */
export interface DivergenceState {
  /** How many losses. */
  readonly seen: number;
  /** The mean of the first ones; what a model knows that has learned nothing. */
  readonly start: number;
  readonly smoothed: number;
  /** Absent before there are enough to smooth. */
  readonly best?: number | undefined;
  /** How many losses ago the best was reached. */
  readonly sinceBest: number;
  /** Steps in a row above the limit. */
  readonly above: number;
}

const beginning: DivergenceState = { seen: 0, start: 0, smoothed: 0, sinceBest: 0, above: 0 };

/** Losses whose mean is the start. */
const first = 10;

/**
 * Tells a run that diverges from one that is noisy. The loss is smoothed, mₙ = (1 − 1/w) mₙ₋₁ + 1/w lₙ; the best of mₙ since step w is m*, the start l₀ the mean
 * of the first ten losses. The alarm is raised when for `steps` steps in a row
 *
 * mₙ > m* + max((factor − 1) |m*|, (l₀ − m*) / 2),
 *
 * when it has lost half of all that was gained, that is, and is higher than its best by a quarter. The one keeps the noise of a loss near 0 from being taken
 * for a multiple of it, the other that of a loss that begins near its best, as in fine-tuning; losses of real runs with one row in a batch stay below a quarter of
 * this distance. A single loss counts for at most three times that
 * distance, so that a spike, however high, is forgotten, and only a run that stays up is ended: noise of one batch does not last for 100 steps.
 *
 * The constructor throws `ConfigError` unless factor is above 1, and steps and window are whole numbers from 1 up.
 *
 * @example
 * ```ts
 * const watch = new DivergenceWatch({ steps: 20, window: 10 });
 * const losses = Array.from({ length: 100 }, (_, i) => (i < 60 ? 4 / (1 + i / 10) : 4));
 * console.log(losses.findIndex((loss) => watch.observe(loss))); // 82
 * ```
 */
export class DivergenceWatch {
  readonly steps: number;
  readonly window: number;
  readonly #factor: number;
  #state = beginning;

  constructor({ factor = 1.25, steps = 100, window = 50 }: DivergenceOptions = {}) {
    expectPositive("DivergenceWatch", "factor", factor);
    if (factor <= 1) throw new ConfigError(`DivergenceWatch: factor must be above 1, got ${factor}`, { factor });
    expectSize("DivergenceWatch", "steps", steps);
    expectSize("DivergenceWatch", "window", window);
    this.#factor = factor;
    this.steps = steps;
    this.window = window;
  }

  /** What it has seen, for a checkpoint; setting it takes up where another left off. */
  get state(): DivergenceState {
    return this.#state;
  }
  set state(state: DivergenceState) {
    this.#state = state;
  }

  /** The smoothed loss that is too high; Infinity before there is a best. */
  get limit(): number {
    const { start, best } = this.#state;
    return best === undefined ? Infinity : best + Math.max((this.#factor - 1) * Math.abs(best), (start - best) / 2);
  }

  /** Takes the loss of a step into account. Does the run diverge? */
  observe(loss: number): boolean {
    const { seen, start, smoothed, best, sinceBest, above } = this.#state;
    const { limit } = this;
    const counted = best === undefined ? loss : Math.min(loss, best + 3 * (limit - best));
    // A plain mean until there are enough to smooth.
    const next = smoothed + (counted - smoothed) / Math.min(seen + 1, this.window);
    const better = seen + 1 >= this.window && next < (best ?? Infinity);
    this.#state = {
      seen: seen + 1,
      start: seen < first ? start + (loss - start) / (seen + 1) : start,
      smoothed: next,
      best: better ? next : best,
      sinceBest: better ? 0 : sinceBest + 1,
      above: next > limit ? above + 1 : 0,
    };
    return this.#state.above >= this.steps;
  }
}
