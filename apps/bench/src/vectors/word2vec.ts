// word2vec beside word2vec.c, on the same text with the same settings: losses, and similarities of words.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { evaluateSimilarities, negativeSampling, parseSimilarities, trainWord2Vec } from "@tenon/embeddings/static";
import { textFile } from "@tenon/embeddings/static/node";

import { table } from "../table.ts";
import { type Outcome, setting, trainOriginal } from "./original-word2vec.ts";

/** What {@link compareWord2Vec} compares. */
export interface Word2VecComparison {
  /** Files, joined, in lower case. */
  readonly text: readonly string[];
  readonly word2vecSource: string;
  /** Files of judged pairs of words: a word, a word and a number to a line, with tabs between. */
  readonly similarities: readonly string[];
  /** How many runs each side makes, on one thread. */
  readonly seeds: number;
}

export async function compareWord2Vec(options: Word2VecComparison): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tenon-word2vec-"));
  try {
    const text = join(folder, "text.txt");
    writeFileSync(text, options.text.map((file) => readFileSync(file, "utf8").toLowerCase()).join("\n"));
    const [tenon, original]: [Outcome[], Outcome[]] = [[], []];
    for (let seed = 1; seed <= options.seeds; seed++) {
      tenon.push(await train(text, seed));
      original.push(await trainOriginal(options.word2vecSource, folder, text, seed));
    }
    const titles = [
      ...shownEpochs.map((epoch) => `loss ${epoch}`),
      ...options.similarities.map((file) => basename(file)),
    ];
    const rows = [row("word2vec.c", original, options), row("Tenon", tenon, options)];
    console.log(table(["mean (least to most)", ...titles], rows));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const shownEpochs = [1, 2, 3, setting.epochs] as const;

async function train(text: string, seed: number): Promise<Outcome> {
  const { width, window, negatives, subsample, minimumCount, epochs } = setting;
  const { vectors, report } = await trainWord2Vec({
    text: await textFile(text),
    width,
    window,
    loss: negativeSampling({ count: negatives }),
    vocabulary: { minimumCount, subsample },
    training: { epochs, seed },
  });
  return { vectors, losses: report.losses };
}

function row(name: string, outcomes: readonly Outcome[], { similarities }: Word2VecComparison): string[] {
  const spread = (of: (outcome: Outcome) => number): string => {
    const values = outcomes.map(of);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return `${mean.toFixed(3)} (${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)})`;
  };
  const spearman = (file: string): string => {
    const pairs = parseSimilarities(readFileSync(file, "utf8"), file);
    return spread(({ vectors }) => evaluateSimilarities(vectors, pairs).spearman);
  };
  return [
    name,
    ...shownEpochs.map((epoch) => spread(({ losses }) => losses[epoch - 1]!)),
    ...similarities.map(spearman),
  ];
}
