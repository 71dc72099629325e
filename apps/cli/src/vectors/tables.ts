import type { AnalogyScores, Neighbour, SimilarityScores } from "@tenon/embeddings/static";

import { count, percent } from "../output/numbers.ts";
import { table } from "../output/table.ts";

const right = "right" as const;

/** Words and their scores, under what was asked. */
export const neighbourTable = (asked: string, found: readonly Neighbour[]): string =>
  table(
    [{ title: asked }, { title: "score", align: right }],
    found.map(({ word, score }) => [word, score.toFixed(4)]),
  );

/** Sections of analogies and how many of their questions were answered right. */
export function analogyTable({ sections, total }: AnalogyScores): string {
  const rows = [...sections, total].map(({ name, right, wrong, missing, accuracy }) => [
    name,
    count(right),
    count(right + wrong),
    Number.isNaN(accuracy) ? "–" : percent(accuracy),
    count(missing),
  ]);
  const numbers = ["right", "of", "accuracy", "left out"].map((title) => ({ title, align: right }));
  return table([{ title: "analogies" }, ...numbers], rows);
}

/** Files of judged pairs and how the vectors agree with them. */
export function similarityTable(scores: readonly (SimilarityScores & { readonly file: string })[]): string {
  const rows = scores.map(({ file, spearman, pearson, pairs, missing }) => [
    file,
    spearman.toFixed(4),
    pearson.toFixed(4),
    count(pairs),
    count(missing),
  ]);
  const numbers = ["Spearman", "Pearson", "pairs", "left out"].map((title) => ({ title, align: right }));
  return table([{ title: "judged pairs" }, ...numbers], rows);
}
