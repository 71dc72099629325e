import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { WordVectors } from "@tenon/embeddings/static";
import { readVectorFile } from "@tenon/embeddings/static/node";

import { outputOf } from "./program.ts";

/** How both sides train. */
export const setting = { width: 100, window: 5, negatives: 5, subsample: 1e-3, minimumCount: 5, epochs: 5 } as const;

/** What came of a training, on either side. */
export interface Outcome {
  readonly losses: readonly number[];
  readonly vectors: WordVectors;
}

/**
 * What is changed in the source: it has one seed, and tells no loss; and it never forgets that it reached the end of the file, so that a
 * single thread goes through the text only once, however many epochs it is told.
 */
const changes = (seed: number): readonly (readonly [from: string, to: string])[] => [
  ["long long train_words = 0,", "double lossSum = 0, lossCount = 0;\nlong long train_words = 0,"],
  ["unsigned long long next_random = 1;", `unsigned long long next_random = ${seed};`],
  ["unsigned long long next_random = (long long)id;", `unsigned long long next_random = (long long)id + ${seed};`],
  [
    "for (c = 0; c < layer1_size; c++) syn1neg[c + l2] += g * syn0[c + l1];",
    "for (c = 0; c < layer1_size; c++) syn1neg[c + l2] += g * syn0[c + l1];\n" +
      "lossSum -= log(fmax(1 - fabs(g / alpha), 6e-8)); if (d == 0) lossCount++;",
  ],
  ["local_iter--;", 'local_iter--; eof = 0; printf("\\nloss %f\\n", lossSum / lossCount); lossSum = lossCount = 0;'],
];

/** Trains skip-gram with word2vec.c as gcc -O3 builds it, on one thread. */
export async function trainOriginal(source: string, folder: string, text: string, seed: number): Promise<Outcome> {
  let code = readFileSync(source, "utf8");
  for (const [from, to] of changes(seed)) {
    if (!code.includes(from)) throw new Error(`${source} is another version of word2vec.c: it lacks "${from}"`);
    code = code.replace(from, to);
  }
  const [changed, program, vectors] = ["changed.c", "changed", "vectors.bin"].map((name) =>
    join(folder, name),
  ) as Three;
  writeFileSync(changed, code);
  await outputOf("gcc", ["-O3", "-w", "-o", program, changed, "-lm", "-pthread"]);
  const { width, window, negatives, subsample, minimumCount, epochs } = setting;
  const output = await outputOf(program, [
    ...["-train", text, "-output", vectors, "-binary", "1", "-cbow", "0", "-hs", "0", "-threads", "1"],
    ...["-size", width, "-window", window, "-negative", negatives, "-sample", subsample].map(String),
    ...["-min-count", minimumCount, "-iter", epochs].map(String),
  ]);
  return {
    losses: [...output.matchAll(/^loss (\S+)$/gm)].map(([, loss]) => Number(loss)),
    vectors: (await readVectorFile(vectors)).vectors,
  };
}
type Three = [string, string, string];
