import type { Call } from "../kernel.ts";
import type { AttentionAttrs } from "../ops/attention-type.ts";
import { tileProducts } from "./matmul.ts";
import { shapeAt, stridesIn } from "./rows.ts";
import type { Data } from "./storage.ts";

/** A tile of the pattern: what a few queries, one after the other, give the keys `from` … `to` − 1. They see no other. */
export interface PatternTile {
  /** Row r holds query r's weights, each at its key. */
  readonly weights: Data;
  /** With a soft cap: the slope of each score. */
  readonly slopes: Data | undefined;
  /** What each query gives the sink. */
  readonly sunk: Float64Array;
  from: number;
  to: number;
  compute(batch: number, head: number, first: number, queries: number): void;
}

/** Calls `f` with each key of one query and the place of its cell in input i, which broadcasts to the scores [b, h, t, s]. */
export function eachCell(
  call: Call<Data>,
  i: number,
  scores: readonly number[],
  [batch, head, query]: readonly [batch: number, head: number, query: number],
  from: number,
  to: number,
  f: (key: number, cell: number) => void,
): void {
  const [b, h, t, s] = stridesIn(shapeAt(call, i), scores) as [number, number, number, number];
  for (let key = from; key < to; key++) f(key, batch * b + head * h + query * t + key * s);
}

/**
 * A tile for at most `most` queries at once, whose `compute` overwrites it. What a causal or a sliding mask hides from all of its queries
 * is left out, so a causal mask nearly halves the work. The mask's tensors begin at input `masks`.
 */
export function patternTile(
  inputs: readonly (Data | undefined)[],
  masks: number,
  { scale, softCap, mask, queryOffset, keyLength }: AttentionAttrs,
  call: Call<Data>,
  most: number,
): PatternTile {
  const [q, k, , bias, sinks] = inputs as [Data, Data, Data, Data?, Data?];
  const [b, h, t, width] = shapeAt(call, 0) as [number, number, number, number];
  const [, keyHeads, capacity] = shapeAt(call, 1) as [number, number, number];
  const scores = [b, h, t, keyLength];
  const room = (): Data => call.allocate({ dtype: "f32", shape: [most, keyLength] });
  const weights = room();
  const slopes = softCap === null ? undefined : room();
  const sunk = new Float64Array(most);

  /** The keys that all terms of the mask but the dense ones leave to a query. */
  const reach = (batch: number, query: number): [from: number, to: number] => {
    let from = 0;
    let to = keyLength;
    for (const term of mask) {
      if (term.kind === "causal") to = Math.min(to, query + queryOffset + 1);
      else if (term.kind === "window") from = Math.max(from, query + queryOffset - term.size + 1);
      else if (term.kind === "lengths") to = Math.min(to, inputs[masks + term.input]![batch]!);
      else if (term.kind === "interval") {
        const i = masks + term.input;
        const at = 2 * (shapeAt(call, i)[0] === 1 ? query : batch * t + query);
        from = Math.max(from, inputs[i]![at]!);
        to = Math.min(to, inputs[i]![at + 1]!);
      }
    }
    return [Math.min(from, keyLength), Math.max(to, 0)];
  };

  /** Turns the products of one row, which begins at `row`, into weights, and gives the sink's. */
  const weigh = (
    at: readonly [batch: number, head: number, query: number],
    row: number,
    from: number,
    to: number,
  ): number => {
    const [begin, end] = [row + from, row + to];
    for (let i = begin; i < end; i++) weights[i]! *= scale;
    if (slopes !== undefined)
      for (let i = begin; i < end; i++) {
        const bent = Math.tanh(weights[i]! / softCap!);
        weights[i] = softCap! * bent;
        slopes[i] = 1 - bent * bent;
      }
    if (bias !== undefined)
      eachCell(call, 3, scores, at, from, to, (key, cell) => {
        weights[row + key]! += bias[cell]!;
      });
    for (const term of mask) {
      if (term.kind !== "dense") continue;
      const allowed = inputs[masks + term.input]!;
      eachCell(call, masks + term.input, scores, at, from, to, (key, cell) => {
        if (allowed[cell] === 0) weights[row + key] = -Infinity;
      });
    }
    // As the composition: with a mask or a sink a row of −∞ gives zeros, else NaN.
    let top = mask.length > 0 || sinks !== undefined ? -3e38 : -Infinity;
    for (let i = begin; i < end; i++) if (!(weights[i]! <= top)) top = weights[i]!;
    const sink = sinks === undefined ? -Infinity : sinks[at[1]]!;
    if (!(sink <= top)) top = sink;
    const rest = sinks === undefined ? 0 : Math.exp(sink - top);
    let total = rest;
    for (let i = begin; i < end; i++) total += weights[i] = Math.exp(weights[i]! - top);
    if (total === 0) total = 1;
    for (let i = begin; i < end; i++) weights[i]! /= total;
    return rest / total;
  };

  const tile: PatternTile = {
    weights,
    slopes,
    sunk,
    from: 0,
    to: 0,
    compute: (batch, head, first, queries) => {
      const ends = Array.from({ length: queries }, (_, r) => reach(batch, first + r));
      const low = Math.min(...ends.map(([from]) => from));
      const high = Math.max(low, ...ends.map(([, to]) => to));
      const keyHead = batch * keyHeads + Math.floor((head * keyHeads) / h);
      tileProducts(
        { data: q, at: ((batch * h + head) * t + first) * width, step: width },
        { data: k, at: (keyHead * capacity + low) * width, step: width },
        { data: weights, at: low, step: keyLength },
        queries,
        high - low,
        width,
      );
      for (let r = 0; r < queries; r++) {
        const row = r * keyLength;
        const [from, to] = ends[r]!;
        weights.fill(0, row + low, row + from);
        weights.fill(0, row + Math.max(from, to), row + high);
        sunk[r] = weigh([batch, head, first + r], row, from, to);
      }
      tile.from = low;
      tile.to = high;
    },
  };
  return tile;
}
