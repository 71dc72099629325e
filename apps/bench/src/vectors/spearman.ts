import { readFileSync } from "node:fs";

import type { WordVectors } from "@tenon/embeddings/static";

/** Spearman's correlation of people's judgements and cosines, over the pairs whose words both have vectors. */
export function spearman(file: string, vectors: WordVectors): number {
  const [judged, cosines]: [number[], number[]] = [[], []];
  for (const line of readFileSync(file, "utf8").trim().split("\n")) {
    const [a, b, mean] = line.toLowerCase().split("\t");
    const [x, y] = [vectors.vector(a!), vectors.vector(b!)];
    if (line.startsWith("#") || x === undefined || y === undefined) continue;
    judged.push(Number(mean));
    cosines.push(dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)));
  }
  return correlation(ranks(judged), ranks(cosines));
}

const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, xi, i) => sum + xi * y[i]!, 0);

/** Ranks, the mean of them among equals. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length + 1) / 2;
  });
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (x.length + 1) / 2;
  const covariance = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, ai, i) => sum + (ai - mean) * (b[i]! - mean), 0);
  return covariance(x, y) / Math.sqrt(covariance(x, x) * covariance(y, y));
}
