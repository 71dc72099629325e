import { spawnSync } from "node:child_process";
import { join } from "node:path";

import type { FastText } from "@tenon/embeddings/static";
import { readFastText } from "@tenon/embeddings/static/node";

/** What came of a training, on either side. */
export interface FastTextOutcome {
  readonly model: FastText;
  /** The mean over all epochs. */
  readonly loss: number;
  readonly wordsPerSecond: number;
}

/** The original's names of options, and their values. */
export type OriginalOptions = Readonly<Record<string, string | number>>;

/** A program of fastText, built beforehand: see fasttext.md. What it writes is read by Tenon, and judged with the same code. */
export class OriginalFastText {
  readonly name: string;
  readonly #command: readonly string[];
  readonly #folder: string;

  /** `command`: the program, or Python with fasttext_program.py, which runs the package from PyPI. */
  constructor(name: string, command: readonly string[], folder: string) {
    this.name = name;
    this.#command = command;
    this.#folder = folder;
  }

  async train(
    task: "skipgram" | "cbow" | "supervised",
    text: string,
    options: OriginalOptions,
  ): Promise<FastTextOutcome> {
    const output = join(this.#folder, "original");
    const all = { ...options, input: text, output };
    const settings = Object.entries(all).flatMap(([name, value]) => [`-${name}`, String(value)]);
    const [program, ...first] = this.#command;
    const { status, error, stderr } = spawnSync(program!, [...first, task, ...settings], { maxBuffer: 2 ** 30 });
    if (status !== 0) throw error ?? new Error(`${program} ended with ${status}: ${stderr.toString()}`);
    // It tells the speed of one thread, and the loss of all that its first thread has learned.
    const last = /words\/sec\/thread:\s*([0-9]+) lr:[^a]*avg\.loss:\s*([0-9.]+)[^\r]*$/.exec(stderr.toString());
    if (last === null) throw new Error(`${program} said nothing of its speed and loss: ${stderr.toString()}`);
    return {
      model: await readFastText(`${output}.bin`),
      loss: Number(last[2]),
      wordsPerSecond: Number(last[1]) * Number(options["thread"] ?? 12),
    };
  }
}
