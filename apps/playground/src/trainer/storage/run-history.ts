import type { CheckpointFiles } from "@tenon/training";

import { Curve, type CurveData } from "../curve.ts";
import type { Sample } from "../run-state.ts";
import { historyName } from "./file-names.ts";
import { readJson } from "./run-record.ts";

/** How many samples are kept: when there are more, every second of the older ones goes. */
const mostSamples = 60;

/** What its file holds. */
export interface SavedHistory {
  readonly step: number;
  readonly curve: CurveData;
  readonly samples: readonly Sample[];
}

/** What a run has shown so far: its losses and its samples. */
export class RunHistory {
  readonly curve: Curve;
  #samples: readonly Sample[];

  private constructor(curve: Curve, samples: readonly Sample[]) {
    this.curve = curve;
    this.#samples = samples;
  }

  static empty(): RunHistory {
    return new RunHistory(new Curve(), []);
  }

  get samples(): readonly Sample[] {
    return this.#samples;
  }

  add(samples: readonly Sample[]): void {
    this.#samples = [...this.#samples, ...samples];
    if (this.#samples.length <= mostSamples) return;
    const steps = [...new Set(this.#samples.map(({ step }) => step))];
    const older = steps.slice(0, -steps.length / 2);
    const gone = new Set(older.filter((_, i) => i % 2 === 1));
    this.#samples = this.#samples.filter(({ step }) => !gone.has(step));
  }

  async save(files: CheckpointFiles, step: number): Promise<void> {
    const saved: SavedHistory = { step, curve: this.curve.data, samples: this.#samples };
    await files.write(historyName, new TextEncoder().encode(JSON.stringify(saved)));
  }

  /** What was saved, up to a step that a run goes on from. A history that is damaged is left out: the run does not depend on it. */
  static async upTo(step: number, files: CheckpointFiles): Promise<RunHistory> {
    const saved = await readHistory(files);
    if (saved === undefined) return RunHistory.empty();
    const samples = saved.samples.filter((sample) => sample.step <= step);
    return new RunHistory(Curve.upTo(step, saved.curve), samples);
  }
}

/** What was saved; undefined where nothing was, or it is damaged. */
export const readHistory = (files: CheckpointFiles): Promise<SavedHistory | undefined> =>
  readJson<SavedHistory>(files, historyName);
