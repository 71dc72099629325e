// Words per second of skip-gram with 5 negatives, beside other programs in turn.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describeMachine } from "../machine.ts";
import { table } from "../table.ts";
import { buildWord2Vec, fastText, pythonSide, type Side, tenon, word2vec, type Workload } from "./sides.ts";
import { writeZipfText } from "./zipf-text.ts";

/** What {@link compareSpeed} measures, and beside what. */
export interface SpeedComparison {
  readonly text?: string;
  readonly words: number;
  readonly word2vecSource?: string;
  readonly word2vec?: string;
  readonly fasttext?: string;
  readonly python?: string;
  readonly rounds: number;
  readonly epochs: number;
}

const script = fileURLToPath(new URL("../../peers/vectors.py", import.meta.url));

export async function compareSpeed(options: SpeedComparison): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tenon-vectors-"));
  try {
    await compare(options, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(options: SpeedComparison, folder: string): Promise<void> {
  console.log(describeMachine());
  const text = options.text ?? join(folder, "text.txt");
  if (options.text === undefined) writeZipfText(text, { words: options.words, vocabulary: 20_000 });
  const sides = await sidesFor(options, folder);
  for (const subsample of [1e-4, 0]) {
    const workload = { text, width: 100, window: 5, subsample, epochs: options.epochs, wordShare: wordShareOf(text) };
    const rows = await measure(sides, workload, options.rounds);
    console.log(
      `\nwidth 100, window 5, 5 negatives, ${subsample === 0 ? "no sub-sampling" : `sub-sampling ${subsample}`}`,
    );
    console.log(table(["", "1 thread", "Tenon as fast", "2 threads", "Tenon as fast", "2 to 1"], rows));
  }
}

async function sidesFor(options: SpeedComparison, folder: string): Promise<Side[]> {
  const sides: Side[] = [tenon];
  const { word2vecSource: source } = options;
  if (source !== undefined) {
    // Without -ffast-math gcc adds up scores one by one, since it may not change the order of a sum.
    for (const flags of [[], ["-march=native"], ["-march=native", "-ffast-math"]])
      sides.push(await buildWord2Vec(source, folder, ["word2vec.c, gcc -O3", ...flags].join(" "), flags));
  }
  if (options.word2vec !== undefined) sides.push(word2vec(options.word2vec, folder, "word2vec.c"));
  if (options.fasttext !== undefined) sides.push(fastText(options.fasttext, folder));
  for (const name of options.python === undefined ? [] : ["gensim", "fasttext"]) {
    const side = await pythonSide(options.python!, script, name);
    if (side === undefined) console.log(`${options.python} has no ${name}: it is left out`);
    else sides.push(side);
  }
  return sides;
}

/** All have their turn in each round, one and two threads, so that a machine that slows down slows all of them. */
async function measure(sides: readonly Side[], workload: Workload, rounds: number): Promise<string[][]> {
  const rates = sides.map(() => ({ 1: [] as number[], 2: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const threads of [1, 2] as const)
      for (const [i, side] of sides.entries()) rates[i]![threads].push(await side.run(workload, threads));
  }
  const own = rates[0]!;
  const ratio = (a: readonly number[], b: readonly number[]): string =>
    `${median(a.map((x, round) => x / b[round]!)).toFixed(2)} ×`;
  return sides.map(({ name }, i) => {
    const each = rates[i]!;
    const columns = ([1, 2] as const).flatMap((threads) => [
      `${(median(each[threads]) / 1000).toFixed(0)} k/s`,
      i === 0 ? "" : ratio(own[threads], each[threads]),
    ]);
    return [name, ...columns, ratio(each[2], each[1])];
  });
}

const median = (x: readonly number[]): number => {
  const sorted = x.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

/** The share of words among words and line ends. */
function wordShareOf(path: string): number {
  const text = readFileSync(path, "latin1");
  const words = text.match(/\S+/g)?.length ?? 0;
  return words / (words + (text.match(/\n/g)?.length ?? 0));
}
