import type { Sizes } from "@tenon/models";

import { spreadOf, values } from "../peers/data.ts";
import { turned, type NaiveBert } from "./naive.ts";

/** BERT as nested arrays, with the values that all sides have. */
export function naiveModel({ vocabulary, context, width, layers, heads }: Sizes): NaiveBert {
  const norm = (path: string): NaiveBert["norm"] => ({
    weight: vector(`${path}.weight`, width),
    bias: vector(`${path}.bias`, width),
  });
  const layer = (path: string, input: number, out: number): NaiveBert["blocks"][number]["up"] => ({
    weight: turned(matrix(`${path}.weight`, out, input)),
    bias: vector(`${path}.bias`, out),
  });
  return {
    heads,
    tokens: matrix("embedding.tokens.table", vocabulary, width),
    positions: matrix("embedding.position.table", context, width),
    segments: matrix("embedding.segments.table", 2, width),
    norm: norm("embedding.norm"),
    blocks: Array.from({ length: layers }, (_, i) => ({
      query: layer(`blocks.${i}.attention.query`, width, width),
      key: layer(`blocks.${i}.attention.key`, width, width),
      value: layer(`blocks.${i}.attention.value`, width, width),
      output: layer(`blocks.${i}.attention.output`, width, width),
      attentionNorm: norm(`blocks.${i}.attentionResidual.norm`),
      up: layer(`blocks.${i}.feedForward.up`, width, 4 * width),
      down: layer(`blocks.${i}.feedForward.down`, 4 * width, width),
      feedForwardNorm: norm(`blocks.${i}.feedForwardResidual.norm`),
    })),
  };
}

const vector = (path: string, length: number): number[] => Array.from(values(path, length, spreadOf(path, [length])));

function matrix(path: string, rows: number, columns: number): number[][] {
  const all = values(path, rows * columns, spreadOf(path, [rows, columns]));
  return Array.from({ length: rows }, (_, i) => Array.from(all.subarray(i * columns, (i + 1) * columns)));
}
