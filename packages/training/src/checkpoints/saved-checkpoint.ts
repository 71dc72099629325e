import { loadParameters, type SafetensorsFile } from "@tenon/checkpoint";
import { CheckpointError, isTenonError, type Json } from "@tenon/tensor";

import type { OptimiserState } from "../optimisers/optimiser.ts";
import type { Unpacked } from "./pack.ts";
import type { Stateful, Trained } from "./stateful.ts";

/** A checkpoint that could not be read, and why. */
export interface PassedOver {
  readonly file: string;
  readonly reason: string;
}

/** A checkpoint that {@link Checkpoints.latest} found sound. */
export class SavedCheckpoint {
  readonly file: string;
  /** Steps done when it was saved. */
  readonly step: number;
  /** The model's, for `loadParameters` of `@tenon/checkpoint`. */
  readonly parameters: SafetensorsFile;
  readonly optimiser: OptimiserState;
  readonly parts: Readonly<Record<string, OptimiserState>>;
  /** What was given to {@link Checkpoints.save}. */
  readonly record: Json;
  /** Later checkpoints that could not be read, the latest first. Worth telling: what was done after this one is lost. */
  readonly passedOver: readonly PassedOver[];

  constructor(file: string, content: Unpacked, passedOver: readonly PassedOver[]) {
    this.file = file;
    this.step = content.step;
    this.parameters = content.parameters;
    this.optimiser = content.optimiser;
    this.parts = content.parts;
    this.record = content.record;
    this.passedOver = passedOver;
  }

  /**
   * Takes model, optimiser and parts to where they were when it was saved. All or nothing: throws one `CheckpointError` naming the file and what
   * does not fit, and then nothing has changed.
   *
   * @example
   * ```ts
   * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());
   * const trained = { model, optimiser: new AdamW(model) };
   * const checkpoints = new Checkpoints(checkpointsInMemory());
   * await checkpoints.save(trained);
   * model.weight.assign(Float32Array.of(9, 9));
   * await (await checkpoints.latest())!.restore(trained);
   * console.log((await model.weight.host())[0] === 9); // false
   * ```
   */
  async restore({ model, optimiser, parts = {} }: Trained): Promise<void> {
    this.#expectParts(Object.keys(parts));
    const plan: [Stateful, OptimiserState][] = [[optimiser, this.optimiser]];
    for (const [name, part] of Object.entries(parts)) plan.push([part, this.parts[name]!]);
    const done: [Stateful, OptimiserState][] = [];
    try {
      for (const [part, state] of plan) {
        const before = await part.state();
        part.load(state);
        done.push([part, before]);
      }
      if (optimiser.steps !== this.step)
        throw new CheckpointError(
          `the optimiser has taken ${optimiser.steps} steps after loading, and the checkpoint is of step ${this.step}. Use the optimiser that it was saved with`,
        );
      // Last, for it needs no undoing: it checks everything before it changes anything.
      loadParameters(model, this.parameters);
    } catch (error) {
      for (const [part, before] of done) part.load(before);
      throw this.#blamed(error);
    }
  }

  #expectParts(given: readonly string[]): void {
    const saved = Object.keys(this.parts);
    if (saved.length === given.length && given.every((name) => name in this.parts)) return;
    const list = (names: readonly string[]): string => (names.length === 0 ? "no parts" : names.join(", "));
    throw new CheckpointError(
      `${this.file} holds ${list(saved)} beside model and optimiser, and ${list(given)} should be restored from it. Give the parts that it was saved with.`,
      { file: this.file, expected: saved, got: given },
    );
  }

  #blamed(error: unknown): unknown {
    if (!isTenonError(error, "CheckpointError") || error.message.startsWith(this.file)) return error;
    return new CheckpointError(
      `${this.file}: ${error.message}`,
      { ...error.fields, file: this.file },
      { cause: error },
    );
  }
}
