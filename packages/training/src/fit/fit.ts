import { expectSize, type Part } from "@tenon/nn";

import type { Batch } from "../data/batch.ts";
import { DivergenceWatch } from "../diagnosis/divergence-watch.ts";
import type { TrainOptions } from "../train-options.ts";
import { train } from "../train.ts";
import type { TrainingStep } from "../training-step.ts";
import { Best } from "./best.ts";
import type { Evaluated, FitOptions } from "./fit-options.ts";
import type { FitReport } from "./fit-report.ts";
import { Progress } from "./progress.ts";
import { expectFiniteScores, expectScores, scoresOf } from "./scores.ts";

/**
 * Trains a model to the end: {@link train}, with evaluation by several metrics, early stopping, checkpoints and a moving average around it. The first
 * argument is what `train` takes.
 *
 * **Nothing lost.** With `checkpoints` it saves itself before the first step, after every so many and at the end, and begins by going on from the latest checkpoint that
 * is sound. What the loop remembers is in it: the best evaluation with its parameters, how many have passed since, the moving average, the seed and the position in
 * the data. A run that was killed and begun again by the same call has the losses of one that was not, to the last bit on the same backend,
 * and stops early at the same step. Callbacks are called again for the steps that are done again.
 *
 * After each step come, in this order: the moving average, the evaluation if it is due (under the average, where there is one), the callbacks `step` and
 * `evaluated`, the checkpoint if it is due and `saved`, and a wait where `control` has paused.
 *
 * With `stopping` the model ends with its best parameters; the checkpoints hold the last ones, from which a longer run goes on.
 *
 * Throws what `train`, the checkpoints and the callbacks throw, and `GradientError` when the held-out loss or the metric that is watched is not finite;
 * the last checkpoint then is of before. Throws `ConfigError` for options that cannot be honoured, or are not those of the run in the checkpoints.
 *
 * @example
 * ```ts
 * class Bigrams extends Embedding {
 *   readonly vocabulary = 4;
 * }
 * const model = await new Bigrams({ count: 4, width: 4, random: random(1) }).to(cpu());
 * const ids = Array.from({ length: 400 }, (_, i) => i % 4);
 * const batches = causalBatches({ ids, context: 8, batch: 4, random: random(2) });
 * const report = await fit(
 *   {
 *     model,
 *     objective: causalLoss,
 *     batches,
 *     optimiser: new AdamW(model),
 *     schedule: constant(0.1),
 *     steps: 500,
 *     random: random(3),
 *     evaluation: { batches, count: 2, every: 20 },
 *   },
 *   {
 *     stopping: { patience: 2, improvement: 0.01 },
 *     checkpoints: { to: new Checkpoints(checkpointsInMemory()), every: 100 },
 *   },
 * );
 * console.log(report.ended, report.steps, report.best!.step); // stopped early 120 80
 * ```
 */
export async function fit<M extends Part, B extends object = Batch>(
  given: TrainOptions<M, B>,
  options: FitOptions<M> = {},
): Promise<FitReport> {
  // The watch belongs to what is saved, so it is made here.
  const training = { ...given, divergence: given.divergence ?? new DivergenceWatch() };
  expectScores(training, options);
  if (options.checkpoints !== undefined) expectSize("fit", "checkpoints.every", options.checkpoints.every);
  const best = new Best(training.model, options.stopping);
  const progress = new Progress(training, options, best);
  const { control } = progress;
  // Evaluations are taken here, under the moving average.
  const run = train({
    ...training,
    schedule: (step) => training.schedule(step) * control.scale,
    evaluation: undefined,
  });
  return new Fitting(training, options, progress).run(run);
}

/** A run under way. */
class Fitting<M extends Part, B extends object> {
  readonly #training: TrainOptions<M, B>;
  readonly #options: FitOptions<M>;
  readonly #progress: Progress<M, B>;
  #last: TrainingStep | undefined;
  #evaluated: Evaluated | undefined;

  constructor(training: TrainOptions<M, B>, options: FitOptions<M>, progress: Progress<M, B>) {
    this.#training = training;
    this.#options = options;
    this.#progress = progress;
  }

  async run(steps: AsyncIterable<TrainingStep>): Promise<FitReport> {
    const { signal } = this.#training;
    const { average, checkpoints, on = {} } = this.#options;
    const { best, control } = this.#progress;
    const from = await this.#progress.resume();
    if (from !== undefined) await on.resumed?.(from);
    // So that there is something to go on from, however soon the run is killed.
    else await this.#save();
    // The signal may have ended the session before the evaluation of its last step.
    if (from !== undefined && this.#due() && (await this.#evaluate()) !== undefined)
      await on.evaluated?.(this.#evaluated!);
    if (!best.exhausted) {
      for await (const step of steps) {
        await average?.update();
        const loss = this.#due() ? await this.#evaluate() : undefined;
        this.#last = loss === undefined ? step : { ...step, heldOutLoss: loss };
        await on.step?.(this.#last);
        if (loss !== undefined) await on.evaluated?.(this.#evaluated!);
        if (best.exhausted) break;
        if (checkpoints !== undefined && step.step % checkpoints.every === 0) await this.#save();
        await control.turn(signal);
      }
    }
    await this.#save();
    return this.#end(from && { file: from.file, step: from.step, passedOver: from.passedOver });
  }

  /** Should there be an evaluation after the step that was done last, and has there been none? */
  #due(): boolean {
    const { evaluation, steps, optimiser } = this.#training;
    if (evaluation === undefined || optimiser.steps === 0 || this.#progress.evaluated === optimiser.steps) return false;
    return optimiser.steps % evaluation.every === 0 || optimiser.steps >= steps;
  }

  /** The held-out loss; undefined when the signal cut it short. */
  async #evaluate(): Promise<number | undefined> {
    const { metrics, average } = this.#options;
    const { best } = this.#progress;
    const step = this.#training.optimiser.steps;
    await average?.swap();
    try {
      const scores = await scoresOf(this.#training, metrics);
      if (scores === undefined) return undefined;
      expectFiniteScores(step, scores, best.metric);
      this.#evaluated = { step, scores, best: await best.observe(step, scores[best.metric]!) };
      this.#progress.evaluated = step;
      return scores["loss"];
    } finally {
      await average?.swap();
    }
  }

  async #save(): Promise<void> {
    const file = await this.#progress.save();
    if (file !== undefined) await this.#options.on?.saved?.({ step: this.#training.optimiser.steps, file });
  }

  async #end(resumed: FitReport["resumed"]): Promise<FitReport> {
    const { steps, optimiser } = this.#training;
    const { best } = this.#progress;
    const ended = best.exhausted ? "stopped early" : optimiser.steps >= steps ? "completed" : "aborted";
    if (ended !== "aborted") best.restore();
    const report: FitReport = {
      steps: optimiser.steps,
      ended,
      best: best.found,
      evaluated: this.#evaluated,
      last: this.#last,
      resumed,
    };
    await this.#options.on?.stopped?.(report);
    return report;
  }
}
