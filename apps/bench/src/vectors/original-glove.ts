import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { WordVectors } from "@tenon/embeddings/static";

/** How both sides train: the settings of the original's demo.sh. */
export const demo = { minimumCount: 5, window: 15, width: 50, epochs: 15, xMax: 10 } as const;

/** What came of a training, on either side. */
export interface Outcome {
  readonly losses: readonly number[];
  readonly vectors: WordVectors;
  readonly pairsPerSecond: number;
}

/** The original programs of Pennington, Socher and Manning, built beforehand: see glove.md. */
export class OriginalGlove {
  readonly #programs: string;
  readonly #folder: string;
  readonly #counts: Buffer;
  readonly words: readonly string[];
  readonly pairs: number;
  /** Seconds of cooccur. */
  readonly countingSeconds: number;

  /** Counts a text, in a folder that is there. */
  constructor(programs: string, folder: string, text: string) {
    this.#programs = programs;
    this.#folder = folder;
    const vocabulary = this.#run("vocab_count", ["-min-count", demo.minimumCount], text);
    writeFileSync(join(folder, "vocab.txt"), vocabulary.output);
    this.words = vocabulary.output
      .toString()
      .trim()
      .split("\n")
      .map((line) => line.slice(0, line.lastIndexOf(" ")));
    const counted = this.#run("cooccur", ["-vocab-file", "vocab.txt", "-window-size", demo.window, "-memory", 1], text);
    this.#counts = counted.output;
    this.pairs = counted.output.length / 16;
    this.countingSeconds = counted.seconds;
  }

  train(seed: number, threads: number): Outcome {
    writeFileSync(
      join(this.#folder, "pairs.bin"),
      this.#run("shuffle", ["-seed", seed, "-memory", 1], this.#counts).output,
    );
    const begun = this.#train(seed, threads, 0);
    const { seconds, log } = this.#train(seed, threads, demo.epochs);
    const vectors = readFileSync(join(this.#folder, "vectors.txt"), "utf8").trim().split("\n").slice(0, -1); // without <unk>
    return {
      losses: [...log.matchAll(/cost: ([0-9.]+)/g)].map(([, loss]) => Number(loss)),
      // What reading, the first numbers and writing take is not counted.
      pairsPerSecond: (this.pairs * demo.epochs) / (seconds - begun.seconds),
      vectors: new WordVectors({
        words: this.words,
        data: Float32Array.from(vectors.flatMap((line) => line.split(" ").slice(1).map(Number))),
      }),
    };
  }

  #train(seed: number, threads: number, epochs: number): { seconds: number; log: string } {
    const files = ["-input-file", "pairs.bin", "-vocab-file", "vocab.txt", "-save-file", "vectors"];
    const { width, xMax } = demo;
    const settings = ["-vector-size", width, "-x-max", xMax, "-iter", epochs, "-seed", seed, "-threads", threads];
    return this.#run("glove", [...files, ...settings]);
  }

  #run(program: string, options: readonly (string | number)[], input?: string | Buffer) {
    const begun = performance.now();
    const { status, error, stdout, stderr } = spawnSync(join(this.#programs, program), options.map(String), {
      cwd: this.#folder,
      maxBuffer: 2 ** 31,
      ...(input !== undefined && { input }),
    });
    if (status !== 0) throw error ?? new Error(`${program} ended with ${status}: ${stderr.toString()}`);
    return { output: stdout, log: stderr.toString(), seconds: (performance.now() - begun) / 1000 };
  }
}
