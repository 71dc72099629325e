import { expectSize } from "@tenon/nn";
import { CheckpointError, isTenonError, type Json } from "@tenon/tensor";

import type { CheckpointFiles } from "./checkpoint-files.ts";
import { checkpointName, stepOf } from "./checkpoint-name.ts";
import { NewerVersion, pack, unpack } from "./pack.ts";
import { type PassedOver, SavedCheckpoint } from "./saved-checkpoint.ts";
import type { Trained } from "./stateful.ts";

/** How {@link Checkpoints} are kept. */
export interface CheckpointsOptions {
  /** How many of the latest are kept. Default 2, so that a damaged one leaves one to fall back on. */
  readonly keep?: number | undefined;
}

interface Entry {
  readonly file: string;
  readonly step: number;
}

/**
 * The checkpoints of one run: one safetensors file for each, `step-00000500.safetensors`, with the model's parameters under `parameters.`, the
 * optimiser's state under `optimiser.`, further parts under `parts.NAME.`, all in F32 to the bit, and a record of plain data. A SHA-256 of all
 * its bytes stands in its metadata, so that no damage goes unseen.
 *
 * A run that is killed at any moment has its last whole checkpoint: files are written whole or not at all, and older ones are removed only when a
 * newer one is whole.
 *
 * The constructor throws `ConfigError` unless keep is a whole number from 1 up.
 *
 * @example
 * ```ts
 * const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());
 * const trained = { model, optimiser: new AdamW(model) };
 * const checkpoints = new Checkpoints(checkpointsInMemory());
 * await checkpoints.save(trained, { seed: 1 });
 * const found = await checkpoints.latest();
 * console.log(found!.file, found!.step, found!.record); // step-00000000.safetensors 0 { seed: 1 }
 * ```
 */
export class Checkpoints {
  readonly #files: CheckpointFiles;
  readonly #keep: number;
  /** Found unreadable by `latest`: true for those whose bytes are damaged, which nothing will mend. */
  readonly #unreadable = new Map<string, boolean>();

  constructor(files: CheckpointFiles, { keep = 2 }: CheckpointsOptions = {}) {
    expectSize("Checkpoints", "keep", keep);
    this.#files = files;
    this.#keep = keep;
  }

  /**
   * Saves model, optimiser and parts as they are now, and a record of what else the run has to know; then removes the oldest ones. Gives the name of
   * the file. Wait for it before training on.
   *
   * Throws `CheckpointError` naming the file when it cannot be written (a full disk, say): what was saved before is intact then. Throws it
   * also when the place has a checkpoint of a later step, which is of another run; and `ConfigError` for a record that JSON cannot hold exactly.
   */
  async save(trained: Trained, record: Json = {}): Promise<string> {
    const step = trained.optimiser.steps;
    const file = checkpointName(step);
    const before = await this.#entries();
    this.#expectLatest(step, before);
    const bytes = await pack(trained, record);
    try {
      await this.#files.write(file, bytes);
    } catch (error) {
      throw this.#notWritten(file, before, error);
    }
    this.#unreadable.delete(file);
    await this.#prune(step, before);
    return file;
  }

  /**
   * The latest checkpoint that is sound; undefined where none was saved yet. One that is damaged, cut short or empty is passed over, and stands in
   * `passedOver` with the reason.
   *
   * Throws `CheckpointError` when there are checkpoints and none can be read, listing each with its reason.
   */
  async latest(): Promise<SavedCheckpoint | undefined> {
    const entries = await this.#entries();
    const passedOver: PassedOver[] = [];
    for (const { file } of entries) {
      try {
        return new SavedCheckpoint(file, await this.#open(file), passedOver);
      } catch (error) {
        if (!isTenonError(error, "CheckpointError") || error instanceof NewerVersion) throw error;
        passedOver.push({ file, reason: error.message });
      }
    }
    if (entries.length === 0) return undefined;
    const reasons = passedOver.map(({ reason }) => `\n  ${reason}`).join("");
    throw new CheckpointError(
      `none of the ${entries.length} checkpoints in ${this.#files.name} can be read:${reasons}\nBring one back from a copy, or begin the run again in another place.`,
      { place: this.#files.name, passedOver },
    );
  }

  /** Removes all checkpoints of the place, and no other file: for a run that begins anew. */
  async clear(): Promise<void> {
    for (const { file } of await this.#entries()) await this.#files.remove(file);
    this.#unreadable.clear();
  }

  async #open(file: string): Promise<Awaited<ReturnType<typeof unpack>>> {
    this.#unreadable.set(file, false);
    const bytes = await this.#files.read(file);
    this.#unreadable.set(file, true);
    const content = await unpack(bytes, file).catch((error: unknown) => {
      if (error instanceof NewerVersion) this.#unreadable.delete(file);
      throw error;
    });
    this.#unreadable.delete(file);
    return content;
  }

  /** The latest first. */
  async #entries(): Promise<Entry[]> {
    const found: Entry[] = [];
    for (const file of await this.#files.list()) {
      const step = stepOf(file);
      if (step !== undefined) found.push({ file, step });
    }
    return found.sort((a, b) => b.step - a.step);
  }

  /** A later one would be what `latest` finds, and this one would be lost. */
  #expectLatest(step: number, entries: readonly Entry[]): void {
    const later = entries.find((entry) => entry.step > step && !this.#unreadable.has(entry.file));
    if (later === undefined) return;
    throw new CheckpointError(
      `cannot save step ${step}: ${this.#files.name} has a later checkpoint, ${later.file}. Go on from it (latest), clear() the place, or use another.`,
      { place: this.#files.name, step, later: later.file },
    );
  }

  async #prune(step: number, before: readonly Entry[]): Promise<void> {
    const damaged = ({ file }: Entry): boolean => this.#unreadable.get(file) === true;
    const sound = before.filter((entry) => entry.step < step && !this.#unreadable.has(entry.file));
    for (const { file } of [...before.filter(damaged), ...sound.slice(this.#keep - 1)]) {
      await this.#files.remove(file);
      this.#unreadable.delete(file);
    }
  }

  #notWritten(file: string, before: readonly Entry[], error: unknown): CheckpointError {
    const last = before.find((entry) => !this.#unreadable.has(entry.file))?.file;
    const problem = isTenonError(error, "CheckpointError")
      ? error.message
      : `cannot write ${this.#files.name}/${file}: ${error instanceof Error ? error.message : String(error)}.`;
    const intact = last === undefined ? "Nothing was saved before." : `What was saved before, ${last}, is intact.`;
    return new CheckpointError(`${problem} ${intact}`, { file, last }, { cause: error });
  }
}
