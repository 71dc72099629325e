import { type SavedModel, savedModelBytes, type TextModel } from "@tenon/pretrained";
import { ConfigError, isTenonError } from "@tenon/tensor";
import type { Tokenizer } from "@tenon/tokenizers";
import { Checkpoints, TrainingControl, type TrainingStep } from "@tenon/training";

import { modelName } from "../model/saved-runs.ts";
import { batchAt, type BatchChange, withChange } from "./learn/batch-sizes.ts";
import type { Learner } from "./learn/learner.ts";
import { Pace } from "./pace.ts";
import type { RunFacts, RunPhase, RunState, Sample } from "./run-state.ts";
import type { RunHistory } from "./storage/run-history.ts";
import { type RunRecord, writeRecord } from "./storage/run-record.ts";
import type { SpareFiles } from "./storage/spare-files.ts";
import { trainingRecord } from "./training-record.ts";
import { wayOn } from "./way-on.ts";

/** What a run is made of. */
export interface TrainingRunParts {
  readonly record: RunRecord;
  readonly facts: RunFacts;
  readonly model: TextModel;
  readonly tokenizer: Tokenizer;
  readonly learner: Learner;
  readonly history: RunHistory;
  readonly files: SpareFiles;
  /** Why what is saved does not outlive the page, where it does not. */
  readonly notLasting: string | undefined;
  readonly tell: (state: RunState) => void;
}

/** Milliseconds between two messages to the page. */
const interval = 100;

/**
 * A run under way: sessions of `fit`, one after the other. A pause, or saving at once, ends the session after its step, saved, and the next goes on from there; so
 * nothing is lost, whenever the page is closed.
 */
export class TrainingRun {
  readonly #parts: TrainingRunParts;
  /** Undefined on a page of plain http, where there is neither storage nor what checkpoints are hashed with: the run then lives in memory alone. */
  readonly #checkpoints: Checkpoints | undefined;
  readonly #control = new TrainingControl();
  readonly #pace = new Pace();
  #record: RunRecord;
  #phase: RunPhase = "training";
  #wish: "train" | "pause" | "stop" = "train";
  #session = new AbortController();
  #wake: () => void = () => undefined;
  /** What the visitor chose; until then, what the checkpoint has. */
  #scale: number | undefined;
  #last: TrainingStep | undefined;
  #savedAt: number | undefined;
  #error: string | undefined;
  #told = 0;

  constructor(parts: TrainingRunParts, scale?: number) {
    this.#parts = parts;
    this.#record = parts.record;
    this.#scale = scale;
    this.#checkpoints = globalThis.crypto?.subtle && new Checkpoints(parts.files);
  }

  get phase(): RunPhase {
    return this.#phase;
  }

  /** Trains until it is finished, stopped or failed; it does not throw. */
  async run(): Promise<void> {
    try {
      for (;;) {
        if (this.#wish === "stop") return this.#become("stopped");
        if (this.#wish === "pause") await this.#sleep();
        else if (await this.#train()) return await this.#finish();
      }
    } catch (error) {
      this.#error = wayOn(error, this.#savedAt);
      this.#become("failed");
    }
  }

  pause(): void {
    if (this.#wish !== "train") return;
    this.#wish = "pause";
    this.tell();
    this.#session.abort();
  }
  resume(): void {
    if (this.#wish !== "pause") return;
    this.#wish = "train";
    this.#wake();
  }
  stop(): void {
    this.#wish = "stop";
    this.tell();
    this.#session.abort();
    this.#wake();
  }
  /** Saves after the current step, and goes on. */
  save(): void {
    if (this.#savedAt !== this.#parts.learner.steps) this.#session.abort();
  }

  /** Multiplies the schedule's rate from the next step on. Throws `ConfigError` unless it is a finite number from 0 up. */
  setScale(scale: number): void {
    this.#control.scale = scale;
    this.#scale = scale;
    this.tell();
  }
  /** Lets batches have another size from the next step on. Throws `ConfigError` unless it is a whole number from 1 up. */
  async setBatch(batch: number): Promise<void> {
    // The batch of the step that is under way has been made.
    const from = this.#parts.learner.steps + (this.#phase === "training" ? 1 : 0);
    this.#record = { ...this.#record, batches: withChange(this.#record.batches, { from, batch }) };
    this.tell();
    await writeRecord(this.#parts.files, this.#record);
  }
  get batches(): readonly BatchChange[] {
    return this.#record.batches;
  }

  /** The model as it is now, as a file of `tenon train`. Wait until no step is under way: paused, or at an end. */
  modelBytes(storage: "F32" | "F16"): Promise<Uint8Array> {
    if (this.#phase === "training")
      throw new ConfigError("a model that is being trained changes: pause the run first.");
    return savedModelBytes(this.#saved(), { storage });
  }

  get state(): RunState {
    const { facts, learner, history, files, notLasting } = this.#parts;
    const { settings, name, batches } = this.#record;
    const last = this.#last;
    return {
      phase: this.#phase,
      next: this.#phase === "training" && this.#wish !== "train" ? this.#wish : undefined,
      name,
      facts,
      step: learner.steps,
      steps: settings.steps,
      loss: last?.loss,
      gradientNorm: last?.gradientNorm,
      rate: last?.rate,
      tokensPerSecond: this.#pace.tokensPerSecond,
      secondsLeft: this.#pace.secondsFor(settings.steps - learner.steps),
      heldOut: history.curve.lastHeldOut,
      curve: history.curve.data,
      samples: history.samples,
      batch: batchAt(batches, learner.steps),
      scale: this.#control.scale,
      savedAt: this.#savedAt,
      lasting: notLasting === undefined && files.problem === undefined,
      storageProblem: notLasting ?? files.problem,
      error: this.#error,
    };
  }

  /** A session: whether the run came to its end in it. */
  async #train(): Promise<boolean> {
    this.#session = new AbortController();
    this.#pace.start();
    this.#become("training");
    const { learner, files, history } = this.#parts;
    const report = await learner.fit(
      {
        control: this.#control,
        checkpoints: this.#checkpoints && { to: this.#checkpoints, every: this.#record.settings.saveEvery },
        on: {
          resumed: ({ step }) => {
            this.#savedAt = step;
            // The checkpoint's is that of when it was saved.
            if (this.#scale !== undefined) this.#control.scale = this.#scale;
          },
          step: (step) => this.#onStep(step),
          evaluated: ({ step, scores }) => {
            history.curve.addHeldOut(step, scores["loss"]!);
            this.tell();
          },
          saved: async ({ step }) => {
            await history.save(files, step);
            if (step > 0) await files.write(modelName, await savedModelBytes(this.#saved()));
            this.#savedAt = step;
            this.tell();
          },
        },
      },
      this.#session.signal,
    );
    return report.ended !== "aborted";
  }

  async #onStep(step: TrainingStep): Promise<void> {
    const { history } = this.#parts;
    const { sampleEvery, steps } = this.#record.settings;
    this.#last = step;
    this.#pace.step(step.tokensPerSecond);
    history.curve.add(step);
    if (step.step % sampleEvery === 0 || step.step === 1 || step.step === steps) {
      history.add(await this.#samples(step.step));
      this.tell();
    } else if (performance.now() - this.#told >= interval) this.tell();
  }

  /** A prompt that cannot be continued ends no run. */
  async #samples(step: number): Promise<Sample[]> {
    const samples: Sample[] = [];
    for (const prompt of this.#record.settings.prompts) {
      try {
        samples.push({ step, prompt, pieces: await this.#parts.learner.sample(prompt) });
      } catch (error) {
        if (!isTenonError(error, "ConfigError")) throw error;
        samples.push({ step, prompt, pieces: [], problem: error.message });
      }
    }
    return samples;
  }

  /** The model is what remains of a run that came to its end; its checkpoints only take room. */
  async #finish(): Promise<void> {
    const { files } = this.#parts;
    if (files.problem === undefined) await this.#checkpoints?.clear();
    this.#record = { ...this.#record, finished: true };
    await writeRecord(files, this.#record);
    this.#become("finished");
  }

  async #sleep(): Promise<void> {
    const woken = new Promise<void>((resolve) => (this.#wake = resolve));
    this.#become("paused");
    await woken;
  }

  #become(phase: RunPhase): void {
    this.#phase = phase;
    this.tell();
  }
  /** Tells the page how it is. */
  tell(): void {
    this.#told = performance.now();
    this.#parts.tell(this.state);
  }
  #saved(): SavedModel {
    const { model, tokenizer, learner, facts, history } = this.#parts;
    const training = trainingRecord(this.#record, facts, learner.steps, history.curve.lastHeldOut);
    return { model, tokenizer, training, origin: this.#record.origin };
  }
}
