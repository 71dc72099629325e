// GloVe beside the original programs, on the same text with the same settings: losses, similarities of words, and speed.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { evaluateSimilarities, parseSimilarities, trainGlove, type WordVectors } from "@tenon/embeddings/static";

import { table } from "../table.ts";
import { demo, OriginalGlove, type Outcome } from "./original-glove.ts";

/** What {@link compareGlove} compares. */
export interface GloveComparison {
  /** The folder where the original's vocab_count, cooccur, shuffle and glove are; without it Tenon runs alone. */
  readonly programs?: string;
  /** Files of text, joined. */
  readonly texts: readonly string[];
  /** Files of judged pairs of words: a word, a word and a number to a line, with tabs between. */
  readonly similarities: readonly string[];
  /** How many seeds each side trains with, on one thread. */
  readonly seeds: number;
}

export async function compareGlove({ programs, texts, similarities, seeds }: GloveComparison): Promise<void> {
  // The original refuses texts that have its name for unknown words.
  const text = texts
    .map((file) => readFileSync(file, "utf8").toLowerCase())
    .join("\n")
    .replaceAll("<unk>", "<raw_unk>");
  const folder = mkdtempSync(join(tmpdir(), "tenon-glove-"));
  try {
    const rows: string[][] = [];
    const report = (name: string, outcomes: readonly Outcome[]): void =>
      void rows.push(row(name, outcomes, similarities));
    const numbers = Array.from({ length: seeds }, (_, n) => n + 1);
    if (programs !== undefined) {
      const original = new OriginalGlove(programs, folder, text);
      console.log(`original: ${original.pairs} pairs counted in ${original.countingSeconds.toFixed(2)} s`);
      report(
        "original, 1 thread",
        numbers.map((seed) => original.train(seed, 1)),
      );
      report("original, 2 threads", [original.train(1, 2)]);
    }
    const tenon: Outcome[] = [];
    for (const seed of numbers) tenon.push(await train(text, seed, 1));
    report("Tenon, 1 thread", tenon);
    report("Tenon, 2 threads", [await train(text, 1, 2)]);
    const lossTitles = shownEpochs.map((epoch) => `loss ${epoch}`);
    const files = similarities.map((file) => file.slice(file.lastIndexOf("/") + 1).split(".")[0]!);
    console.log(table(["", ...lossTitles, ...files, "pairs/s"], rows));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const shownEpochs = [1, 2, 5, 10, demo.epochs] as const;

async function train(text: string, seed: number, threads: number): Promise<Outcome> {
  const { minimumCount, window, width, xMax, epochs } = demo;
  const { vectors, report } = await trainGlove({
    text,
    vocabulary: { minimumCount },
    window: { size: window },
    vectors: { width },
    objective: { xMax },
    training: { epochs, seed, threads },
  });
  return { vectors, losses: report.losses, pairsPerSecond: (report.pairs * epochs) / report.seconds };
}

function row(name: string, outcomes: readonly Outcome[], similarities: readonly string[]): string[] {
  const spread = (of: (outcome: Outcome) => number, digits: number): string => {
    const values = outcomes.map(of);
    const [least, most] = [Math.min(...values), Math.max(...values)].map((x) => x.toFixed(digits));
    return least === most ? least! : `${least} to ${most}`;
  };
  return [
    name,
    ...shownEpochs.map((epoch) => spread(({ losses }) => losses[epoch - 1]!, 6)),
    ...similarities.map((file) => spread(({ vectors }) => spearman(file, vectors), 3)),
    `${(Math.max(...outcomes.map(({ pairsPerSecond }) => pairsPerSecond)) / 1e6).toFixed(2)} M`,
  ];
}

const spearman = (file: string, vectors: WordVectors): number =>
  evaluateSimilarities(vectors, parseSimilarities(readFileSync(file, "utf8"))).spearman;
