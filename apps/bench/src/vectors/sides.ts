import { join } from "node:path";

import { trainWord2Vec } from "@tenon/embeddings/static";
import { textFile } from "@tenon/embeddings/static/node";

import { lastNumber, outputOf } from "./program.ts";

/** What is trained: skip-gram with 5 negatives, whatever the program. */
export interface Workload {
  readonly text: string;
  readonly width: number;
  readonly window: number;
  readonly subsample: number;
  readonly epochs: number;
  /** Of words among all that a line has when its end counts as one, as word2vec.c and fastText count. */
  readonly wordShare: number;
}

/** A program that trains word vectors. */
export interface Side {
  readonly name: string;
  /** Words of the text that it learns from in a second, its vocabulary once known. */
  run(workload: Workload, threads: number): Promise<number>;
}

export const tenon: Side = {
  name: "Tenon",
  async run({ text, width, window, subsample, epochs }, threads) {
    const training = { epochs, threads };
    const { report } = await trainWord2Vec({
      text: await textFile(text),
      width,
      window,
      vocabulary: { subsample },
      training,
    });
    return report.words / report.seconds;
  },
};

/** word2vec.c as gcc builds it with some flags, in a folder. */
export async function buildWord2Vec(
  source: string,
  folder: string,
  name: string,
  flags: readonly string[],
): Promise<Side> {
  const program = join(folder, name.replaceAll(/\W+/g, "-"));
  await outputOf("gcc", ["-O3", ...flags, "-w", "-o", program, source, "-lm", "-pthread"]);
  return word2vec(program, folder, name);
}

/** A word2vec.c that was built. It tells words for each second of processor time, which no other program takes from it. */
export const word2vec = (program: string, folder: string, name: string): Side => ({
  name,
  async run({ text, width, window, subsample, epochs, wordShare }, threads) {
    const output = await outputOf(program, [
      ...[
        "-train",
        text,
        "-output",
        join(folder, "word2vec.bin"),
        "-binary",
        "1",
        "-cbow",
        "0",
        "-negative",
        "5",
        "-hs",
        "0",
      ],
      ...["-size", width, "-window", window, "-sample", subsample, "-iter", epochs, "-threads", threads].map(String),
    ]);
    return lastNumber(output, "Words/thread/sec:", program) * 1000 * threads * wordShare;
  },
});

/** fastText without subwords, which is skip-gram. */
export const fastText = (program: string, folder: string): Side => ({
  name: "fastText",
  async run({ text, width, window, subsample, epochs, wordShare }, threads) {
    const output = await outputOf(program, [
      ...["skipgram", "-input", text, "-output", join(folder, "fasttext"), "-maxn", "0", "-neg", "5", "-lr", "0.025"],
      ...[
        "-dim",
        width,
        "-ws",
        window,
        "-t",
        subsample === 0 ? 1 : subsample,
        "-epoch",
        epochs,
        "-thread",
        threads,
      ].map(String),
    ]);
    return lastNumber(output, "words/sec/thread:", program) * threads * wordShare;
  },
});

/** A package of Python's, called by vectors.py. Undefined where that Python lacks it. */
export async function pythonSide(python: string, script: string, packageName: string): Promise<Side | undefined> {
  const version = (await outputOf(python, [script, "version", packageName])).trim();
  if (version === "") return undefined;
  return {
    name: `${packageName} ${version}`,
    async run(workload, threads) {
      const output = await outputOf(python, [script, "train", packageName, JSON.stringify({ ...workload, threads })]);
      const perThread = packageName === "fasttext";
      if (!perThread) return lastNumber(output, "words per second:", packageName);
      return lastNumber(output, "words/sec/thread:", packageName) * threads * workload.wordShare;
    },
  };
}
