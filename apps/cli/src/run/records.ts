import { type FileHandle, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";

import { fileProblem, writeFileAtomically } from "@tenon/checkpoint/node";
import type { HeldOut } from "@tenon/pretrained";
import { ConfigError, isTenonError } from "@tenon/tensor";
import {
  eventFileStart,
  eventRecord,
  formatMetrics,
  lossChart,
  type MetricsLine,
  parseMetrics,
  terminalLossChart,
  type TrainingStep,
  upToStep,
} from "@tenon/training";

/** What was measured at each step, a line of JSON for each. */
const metricsName = "metrics.jsonl";
/** The losses as a picture. */
const chartName = "loss.svg";

/** Where the records of a run go, and what it has done already. */
export interface RecordsOptions {
  readonly folder: string;
  /** Steps done: lines of later ones are cut off, for those steps come again. */
  readonly step: number;
  /** A folder for TensorBoard's event files. */
  readonly tensorboard?: string | undefined;
}

/** Writes down how a run goes, step by step, and draws it. Nothing but people and their tools reads it: the run does not depend on it. */
export class RunRecords {
  readonly #folder: string;
  readonly #metrics: FileHandle;
  readonly #events: FileHandle | undefined;
  readonly #lines: MetricsLine[];
  readonly #began: number;

  private constructor(folder: string, metrics: FileHandle, events: FileHandle | undefined, lines: MetricsLine[]) {
    this.#folder = folder;
    this.#metrics = metrics;
    this.#events = events;
    this.#lines = lines;
    this.#began = performance.now() - 1000 * (lines.at(-1)?.seconds ?? 0);
  }

  /** Goes on with the records in a folder. Throws `ConfigError` where they are damaged or cannot be written. */
  static async open({ folder, step, tensorboard }: RecordsOptions): Promise<RunRecords> {
    const path = join(folder, metricsName);
    const before = step === 0 ? "" : await textIn(path);
    const kept = named(path, () => upToStep(before, step));
    const lines = parseMetrics(kept);
    const events = tensorboard === undefined ? undefined : await openEvents(tensorboard, lines);
    await writeFileAtomically(path, new TextEncoder().encode(kept));
    return new RunRecords(folder, await open(path, "a"), events, lines);
  }

  /** The last held-out loss. */
  get heldOut(): HeldOut | undefined {
    const line = this.#lines.findLast(({ heldOutLoss }) => heldOutLoss !== undefined);
    return line && { step: line.step, loss: line.heldOutLoss! };
  }

  async add(step: TrainingStep): Promise<void> {
    const line = { ...step, seconds: Math.round(performance.now() - this.#began) / 1000 };
    this.#lines.push(line);
    await this.#append(line);
  }

  /** The held-out loss after the last step, where it was not there yet when the step was written down. Was it missing? */
  async addHeldOut(step: number, heldOutLoss: number): Promise<boolean> {
    const last = this.#lines.at(-1);
    if (last?.step !== step || last.heldOutLoss !== undefined) return false;
    const line = { ...last, heldOutLoss };
    this.#lines[this.#lines.length - 1] = line;
    await this.#events?.appendFile(eventOf({ step, heldOutLoss }));
    // In one write, in place of what ends the line: a kill leaves it with the loss or without.
    const end = "}\n";
    const file = await open(join(this.#folder, metricsName), "r+");
    try {
      const { size } = await file.stat();
      await file.write(formatMetrics(line).slice(formatMetrics(last).length - end.length), size - end.length);
    } finally {
      await file.close();
    }
    return true;
  }

  async #append(line: MetricsLine): Promise<void> {
    await this.#metrics.appendFile(formatMetrics(line)).catch((error: unknown) => {
      throw fileProblem(error, join(this.#folder, metricsName), "write");
    });
    await this.#events?.appendFile(eventOf(line)).catch((error: unknown) => {
      throw fileProblem(error, "TensorBoard's event file", "write");
    });
  }

  /** Draws what there is. */
  async draw(title: string): Promise<void> {
    if (this.#lines.length === 0) return;
    await writeFileAtomically(
      join(this.#folder, chartName),
      new TextEncoder().encode(lossChart(this.#lines, { title })),
    );
  }

  /** The losses in characters, `width` of them in a line; nothing where there are too few to draw. */
  chart(width: number): string {
    return this.#lines.length < 2 ? "" : terminalLossChart(this.#lines, { width });
  }

  async close(): Promise<void> {
    await this.#metrics.close();
    await this.#events?.close();
  }
}

async function textIn(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw fileProblem(error, path, "read");
  });
}

async function openEvents(folder: string, lines: readonly MetricsLine[]): Promise<FileHandle> {
  try {
    await mkdir(folder, { recursive: true });
    // One file for each session: TensorBoard reads all of a folder, and takes the later ones for what comes twice.
    const handle = await open(
      join(folder, `events.out.tfevents.${Math.floor(Date.now() / 1000)}.${process.pid}.tenon`),
      "wx",
    );
    await handle.appendFile(eventFileStart(Date.now() / 1000));
    for (const line of lines) await handle.appendFile(eventOf(line));
    return handle;
  } catch (cause) {
    throw new ConfigError(
      `cannot write TensorBoard's files into ${folder}: ${cause instanceof Error ? cause.message : String(cause)}. Choose another folder with --tensorboard.`,
      { folder },
      { cause },
    );
  }
}

const eventOf = ({ step, ...scalars }: MetricsLine): Uint8Array =>
  eventRecord({ step, wallTime: Date.now() / 1000, scalars });

function named<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isTenonError(error, "ConfigError")) throw error;
    throw new ConfigError(
      `${path}: ${error.message}. Move it away, and the run goes on without what it says.`,
      { ...error.fields, file: path },
      { cause: error },
    );
  }
}
