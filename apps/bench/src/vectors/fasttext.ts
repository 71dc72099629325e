// fastText beside the original, on the same texts with the same settings: similarities of words, accuracy of classifiers, losses and speed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import {
  type ClassifierLoss,
  evaluateSimilarities,
  type FastText,
  hierarchicalSoftmax,
  type JudgedPair,
  negativeSampling,
  oneVsAll,
  parseSimilarities,
  softmax,
  trainFastText,
  trainFastTextClassifier,
} from "@tenon/embeddings/static";

import { describeMachine } from "../machine.ts";
import { table } from "../table.ts";
import { type FastTextOutcome, OriginalFastText } from "./original-fasttext.ts";
import { paragraphsOf, tokens } from "./articles.ts";

/** What {@link compareFastText} compares. */
export interface FastTextComparison {
  /** Programs of the original, and a Python that has it; without any Tenon runs alone. */
  readonly programs: readonly string[];
  readonly python?: string;
  readonly models: readonly ("skip-gram" | "cbow")[];
  readonly epochs: number;
  /** Files of text, joined, to learn vectors from; none for no vectors. */
  readonly texts: readonly string[];
  /** Files of articles, as WikiText has them, which paragraphs are to be told the article of; none for no classifiers. */
  readonly articles: readonly string[];
  /** Files of judged pairs of words. */
  readonly similarities: readonly string[];
  /** How many seeds each side trains with, on one thread. */
  readonly seeds: number;
}

const vectors = { width: 100, window: 5, shortest: 3, longest: 6, buckets: 200_000, subsample: 1e-4 };
const classifier = { width: 100, wordNgrams: 2, buckets: 200_000, epochs: 50, rate: 0.5 };
const articles = 40;
const script = fileURLToPath(new URL("./fasttext_program.py", import.meta.url));
const losses: readonly [name: string, loss: ClassifierLoss][] = [
  ["softmax", softmax()],
  ["hs", hierarchicalSoftmax()],
  ["ns", negativeSampling({ exponent: 0.5 })],
  ["ova", oneVsAll()],
];

export async function compareFastText(comparison: FastTextComparison): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tenon-fasttext-"));
  try {
    const { programs, python, texts, articles } = comparison;
    const originals = programs.map((file) => new OriginalFastText(basename(file), [file], folder));
    if (python !== undefined) originals.push(new OriginalFastText("PyPI", [python, script], folder));
    console.log(describeMachine());
    if (texts.length > 0) await compareVectors(comparison, originals, folder);
    if (articles.length > 0) await compareClassifiers(articles, comparison.seeds, originals, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compareVectors(
  { models, epochs, texts, similarities, seeds }: FastTextComparison,
  originals: readonly OriginalFastText[],
  folder: string,
): Promise<void> {
  const lines = texts.flatMap((file) => readFileSync(file, "utf8").split("\n"));
  const text = lines.map((line) => `${tokens(line).join(" ")}\n`).join("");
  const file = join(folder, "text.txt");
  writeFileSync(file, text);
  const sets = similarities.map((path) => parseSimilarities(readFileSync(path, "utf8"), path));
  const { width, window, shortest, longest, buckets, subsample } = vectors;
  const rows: string[][] = [];
  for (const task of models) {
    const report = (name: string, outcomes: readonly FastTextOutcome[]): void =>
      void rows.push([
        `${task}, ${name}`,
        ...sets.map((set) => spread(outcomes, ({ model }) => correlation(model, set), 3)),
        ...common(outcomes),
      ]);
    await alternate(
      originals,
      seeds,
      (original, seed, thread) =>
        original.train(task === "cbow" ? task : "skipgram", file, {
          ...{ dim: width, ws: window, minn: shortest, maxn: longest, bucket: buckets, epoch: epochs, t: subsample },
          ...{ lr: 0.05, minCount: 5, thread, seed },
        }),
      (seed, threads) =>
        trainFastText({
          text,
          width,
          context: { model: task, window },
          subwords: { shortest, longest, buckets },
          training: { epochs, seed, threads },
        }).then(outcome),
      report,
    );
  }
  console.log(table(["vectors", ...similarities.map((path) => basename(path).split(".")[0]!), ...titles], rows));
}

/** Over the pairs of words that the text has: on one thread the original leaves the vectors of n-grams that it never saw zero. */
const correlation = (model: FastText, set: readonly JudgedPair[]): number =>
  evaluateSimilarities(model.wordVectors(), set).spearman;

async function compareClassifiers(
  files: readonly string[],
  seeds: number,
  originals: readonly OriginalFastText[],
  folder: string,
): Promise<void> {
  const paragraphs = paragraphsOf(files.map((path) => readFileSync(path, "utf8")).join("\n"), articles);
  const [known, unseen] = [false, true].map((last) => paragraphs.filter((_, i) => (i % 5 === 4) === last));
  const text = known!.map(({ label, words }) => `${label} ${words}\n`).join("");
  const file = join(folder, "paragraphs.txt");
  writeFileSync(file, text);
  console.log(`\n${known!.length} paragraphs of ${articles} articles, and ${unseen!.length} to be told`);
  const accuracy = ({ model }: FastTextOutcome): number =>
    unseen!.filter(({ label, words }) => model.predict(words)[0]?.label === label).length / unseen!.length;
  const { width, wordNgrams, buckets, epochs, rate } = classifier;
  const rows: string[][] = [];
  for (const [name, loss] of losses) {
    await alternate(
      originals,
      seeds,
      (original, seed, thread) =>
        original.train("supervised", file, {
          ...{ dim: width, wordNgrams, bucket: buckets, epoch: epochs, lr: rate, loss: name, thread, seed },
        }),
      (seed, threads) =>
        trainFastTextClassifier({
          text,
          loss,
          width,
          subwords: { wordNgrams, buckets },
          training: { epochs, learningRate: rate, seed, threads },
        }).then(outcome),
      (who, outcomes) => void rows.push([`${name}, ${who}`, spread(outcomes, accuracy, 3), ...common(outcomes)]),
    );
  }
  console.log(table(["classifier", "accuracy", ...titles], rows));
}

const titles = ["loss", "words/s"] as const;
const common = (outcomes: readonly FastTextOutcome[]): string[] => [
  spread(outcomes, ({ loss }) => loss, 3),
  `${(Math.max(...outcomes.map(({ wordsPerSecond }) => wordsPerSecond)) / 1000).toFixed(0)} k`,
];

const outcome = ({ model, report }: Awaited<ReturnType<typeof trainFastText>>): FastTextOutcome => ({
  model,
  loss: report.losses.reduce((a, b) => a + b, 0) / report.losses.length,
  wordsPerSecond: report.words / report.seconds,
});

/** All sides in turns, seed after seed, so that a machine that slows down slows all of them; then once on two threads. */
async function alternate(
  originals: readonly OriginalFastText[],
  seeds: number,
  original: (original: OriginalFastText, seed: number, threads: number) => Promise<FastTextOutcome>,
  tenon: (seed: number, threads: number) => Promise<FastTextOutcome>,
  report: (name: string, outcomes: readonly FastTextOutcome[]) => void,
): Promise<void> {
  const sides = [
    ...originals.map((each) => ({ name: each.name, train: (seed: number, n: number) => original(each, seed, n) })),
    { name: "Tenon", train: tenon },
  ];
  const outcomes = sides.map((): FastTextOutcome[] => []);
  for (let seed = 1; seed <= seeds; seed++)
    for (const [i, { train }] of sides.entries()) outcomes[i]!.push(await train(seed, 1));
  for (const [i, { name }] of sides.entries()) report(`${name}, 1 thread`, outcomes[i]!);
  for (const { name, train } of sides) report(`${name}, 2 threads`, [await train(1, 2)]);
}

function spread(
  outcomes: readonly FastTextOutcome[],
  of: (outcome: FastTextOutcome) => number,
  digits: number,
): string {
  const values = outcomes.map(of);
  const [least, most] = [Math.min(...values), Math.max(...values)].map((x) => x.toFixed(digits));
  return least === most ? least! : `${least} to ${most}`;
}
