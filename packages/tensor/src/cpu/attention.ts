import type { Call, KernelTable } from "../kernel.ts";
import type { AttentionAttrs } from "../ops/attention-type.ts";
import { eachCell, patternTile, type PatternTile } from "./attention-pattern.ts";
import { tileProducts, type Rows } from "./matmul.ts";
import { shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

/** How many queries are computed together: enough to use each loaded key often, few enough to skip most of what a causal mask hides. */
const together = 16;

/** Calls `visit` with each tile of the pattern, and `enter` before the first of each key head n, counted over the batch. */
function eachTile(
  inputs: readonly (Data | undefined)[],
  masks: number,
  attrs: AttentionAttrs,
  call: Call<Data>,
  enter: (n: number) => void,
  visit: (
    tile: PatternTile,
    at: readonly [batch: number, head: number, query: number],
    queries: number,
    n: number,
  ) => void,
): void {
  const [b, h, t] = shapeAt(call, 0) as [number, number, number];
  const keyHeads = shapeAt(call, 1)[1]!;
  const tile = patternTile(inputs, masks, attrs, call, Math.min(together, t));
  for (let n = 0; n < b * keyHeads; n++) {
    enter(n);
    for (let i = (n * h) / keyHeads; i < ((n + 1) * h) / keyHeads; i++)
      for (let query = 0; query < t; query += together) {
        const queries = Math.min(together, t - query);
        const at = [Math.floor(i / h), i % h, query] as const;
        tile.compute(...at, queries);
        visit(tile, at, queries, n);
      }
  }
}

/** x [rows, columns] as [columns, rows], written to `to`. */
function turn({ data, at, step }: Rows, rows: number, columns: number, to: Data): Rows {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = data[at + i * step + j]!;
  return { data: to, at: 0, step: rows };
}

/** Row i of a tensor whose last axis is `step` long, and those after it. */
const rowsFrom = (data: Data, i: number, step: number): Rows => ({ data, at: i * step, step });

/**
 * Attention and its gradient, a few queries at a time, so that [b, h, t, s] is never held. Keys beyond the reach of a causal or sliding
 * mask are not read: a NaN there stays where it is, while the composition multiplies it by 0.
 */
export const attentionKernels: Pick<KernelTable<Data>, "attention" | "attentionGradient"> = {
  attention: (inputs, attrs, call) => {
    const v = inputs[2];
    const y = call.allocate(call.output);
    const [, h, t, width] = call.output.shape as [number, number, number, number];
    const s = attrs.keyLength;
    const values = call.allocate({ dtype: "f32", shape: [width, s] });
    eachTile(
      inputs,
      5,
      attrs,
      call,
      (n) => turn(rowsFrom(v, n * shapeAt(call, 2)[2]!, width), s, width, values),
      ({ weights, from, to }, [batch, head, query], queries) =>
        tileProducts(
          { data: weights, at: from, step: s },
          { data: values, at: from, step: s },
          rowsFrom(y, (batch * h + head) * t + query, width),
          queries,
          width,
          to - from,
        ),
    );
    return y;
  },
  attentionGradient: (inputs, attrs, call) => {
    const [q, k, v, bias, sinks, output, upstream] = inputs;
    const [b, h, t, width] = shapeAt(call, 0) as [number, number, number, number];
    const [, , capacity, valueWidth] = shapeAt(call, 2) as [number, number, number, number];
    const made = call.outputs.map((type) => call.allocate(type));
    const [dq, dk, dv] = made as [Data, Data, Data];
    const biasGradient = bias && made[3]!;
    const sinksGradient = sinks && made.at(-1)!;
    const s = attrs.keyLength;
    const room = (...shape: number[]): Data => call.allocate({ dtype: "f32", shape });
    const keys = room(width, s);
    const scores = room(together, s);
    const turned = room(together, s);
    const turnedRows = room(together, Math.max(width, valueWidth));
    const products = room(s, Math.max(width, valueWidth));

    /** Adds aᵀ rows of a tile a [queries, s] and rows [queries, n] to `sums` [s, n]. */
    const addProducts = (a: Data, { from, to }: PatternTile, rows: Rows, queries: number, sums: Rows): void => {
      const n = rows.step;
      const left = turn({ data: a, at: from, step: s }, queries, to - from, turned);
      tileProducts(left, turn(rows, queries, n, turnedRows), rowsFrom(products, 0, n), to - from, n, queries);
      const at = sums.at + from * n;
      for (let i = 0; i < (to - from) * n; i++) sums.data[at + i]! += products[i]!;
    };

    eachTile(
      inputs,
      7,
      attrs,
      call,
      (n) => turn(rowsFrom(k, n * capacity, width), s, width, keys),
      (tile, [batch, head, query], queries, n) => {
        const { weights, slopes, sunk, from, to } = tile;
        const place = (batch * h + head) * t + query;
        const upstreamRows = rowsFrom(upstream, place, valueWidth);
        addProducts(weights, tile, upstreamRows, queries, rowsFrom(dv, n * capacity, valueWidth));
        const tileOf = (data: Data): Rows => ({ data, at: from, step: s });
        tileProducts(
          upstreamRows,
          rowsFrom(v, n * capacity + from, valueWidth),
          tileOf(scores),
          queries,
          to - from,
          valueWidth,
        );
        for (let r = 0; r < queries; r++) {
          let drift = 0;
          for (let c = (place + r) * valueWidth; c < (place + r + 1) * valueWidth; c++)
            drift += upstream[c]! * output[c]!;
          if (sinksGradient !== undefined) sinksGradient[head]! -= sunk[r]! * drift;
          const row = r * s;
          for (let i = row + from; i < row + to; i++) scores[i] = weights[i]! * (scores[i]! - drift);
          if (biasGradient !== undefined)
            eachCell(call, 3, [b, h, t, s], [batch, head, query + r], from, to, (key, cell) => {
              biasGradient[cell]! += scores[row + key]!;
            });
          for (let i = row + from; i < row + to; i++)
            scores[i]! *= slopes === undefined ? attrs.scale : attrs.scale * slopes[i]!;
        }
        tileProducts(tileOf(scores), tileOf(keys), rowsFrom(dq, place, width), queries, width, to - from);
        addProducts(scores, tile, rowsFrom(q, place, width), queries, rowsFrom(dk, n * capacity, width));
      },
    );
    return made;
  },
};
