import type { Part } from "@tenon/nn";
import { ConfigError, type Json } from "@tenon/tensor";

import type { SavedCheckpoint } from "../checkpoints/saved-checkpoint.ts";
import type { Stateful, Trained } from "../checkpoints/stateful.ts";
import type { TrainOptions } from "../train-options.ts";
import type { Best } from "./best.ts";
import type { FitOptions, Saving } from "./fit-options.ts";
import type { FitProgress, FitRecord } from "./fit-report.ts";
import { TrainingControl } from "./training-control.ts";

/** What a run remembers beside model and optimiser, and how it gets into a checkpoint and out of it. */
export class Progress<M extends Part, B extends object> {
  readonly best: Best;
  readonly control: TrainingControl;
  /** The step of the last evaluation. */
  evaluated: number | undefined;
  readonly #training: TrainOptions<M, B>;
  readonly #trained: Trained;
  readonly #saving: Saving | undefined;
  #savedAt: number | undefined;

  constructor(training: TrainOptions<M, B>, { average, checkpoints, control }: FitOptions<M>, best: Best) {
    const { model, optimiser } = training;
    this.best = best;
    this.control = control ?? new TrainingControl();
    this.#training = training;
    this.#saving = checkpoints;
    for (const name of ["average", "best"])
      if (checkpoints?.parts !== undefined && name in checkpoints.parts)
        throw new ConfigError(`fit: checkpoints.parts has "${name}", a name that fit uses itself; rename it`, { name });
    const parts: Record<string, Stateful> = { ...checkpoints?.parts, best, ...(average && { average }) };
    this.#trained = { model, optimiser, parts };
  }

  /** Goes on from the latest checkpoint, where there is one. */
  async resume(): Promise<SavedCheckpoint | undefined> {
    const from = await this.#saving?.to.latest();
    if (from === undefined) return undefined;
    const { accumulate = 1, random, optimiser, divergence } = this.#training;
    const { fit } = from.record as unknown as Partial<FitRecord>;
    if (fit === undefined)
      throw new ConfigError(
        `fit: ${from.file} was not saved by fit. Restore it by hand, and give fit another place for its own checkpoints`,
        { file: from.file },
      );
    if (optimiser.steps > from.step)
      throw new ConfigError(
        `fit: the optimiser has taken ${optimiser.steps} steps, and the latest checkpoint, ${from.file}, is older. Begin with a new model and optimiser to go on from it, or clear() the checkpoints`,
        { file: from.file, steps: optimiser.steps },
      );
    expectSame(from.file, "seed of random", fit.random.join(" "), random.key.join(" "));
    expectSame(from.file, "accumulate", fit.accumulate, accumulate);
    if (this.best.keepsParameters && fit.best !== undefined && from.parts["best"]?.size === 0)
      throw new ConfigError(
        `fit: ${from.file} does not hold the parameters of the best evaluation, for that was not asked for when it was saved. Say restoreBest: false, or use another place for the checkpoints`,
        { file: from.file },
      );
    await from.restore(this.#trained);
    this.best.resume(fit.best, fit.sinceBest);
    this.evaluated = fit.evaluated;
    this.control.scale = fit.scale;
    if (divergence && fit.divergence !== undefined) divergence.state = fit.divergence;
    this.#savedAt = from.step;
    return from;
  }

  /** Saves the run as it is now, unless that was done; gives the name of the file. */
  async save(): Promise<string | undefined> {
    const { steps } = this.#training.optimiser;
    if (this.#saving === undefined || this.#savedAt === steps) return undefined;
    const record: FitRecord = { given: this.#saving.record ?? null, fit: this.#now() };
    const file = await this.#saving.to.save(this.#trained, record as unknown as Json);
    this.#savedAt = steps;
    return file;
  }

  #now(): FitProgress {
    const { accumulate = 1, random, optimiser, divergence } = this.#training;
    return {
      random: random.key,
      accumulate,
      position: optimiser.steps * accumulate,
      evaluated: this.evaluated,
      best: this.best.found,
      sinceBest: this.best.since,
      divergence: divergence ? divergence.state : undefined,
      scale: this.control.scale,
    };
  }
}

function expectSame(file: string, what: string, saved: string | number, given: string | number): void {
  if (saved === given) return;
  throw new ConfigError(
    `fit: ${file} is of a run with another ${what}: ${saved}, and now it is ${given}, so it would not be the same run. Use the options that it began with, or another place for the checkpoints of this one`,
    { file, expected: saved, got: given },
  );
}
