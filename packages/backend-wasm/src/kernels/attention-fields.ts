// What the kernels of attention are told, and which keys a query may see.
import { i32, type Local, type Value } from "@tenon/wasm-assembler";

import { element, type KernelFunc } from "../kernel.ts";

type Int = Local<"i32">;

/** What an attention kernel is told; addresses are 0 where there is no such tensor, strides are in elements. */
export const attentionFields = {
  q: "i32",
  k: "i32",
  v: "i32",
  y: "i32",
  bias: "i32",
  sinks: "i32",
  lengths: "i32",
  intervals: "i32",
  dense: "i32",
  heads: "i32",
  group: "i32", // query heads to a key head
  t: "i32",
  s: "i32",
  capacity: "i32",
  width: "i32",
  valueWidth: "i32",
  queryOffset: "i32",
  causal: "i32",
  window: "i32", // 0 for none
  scale: "f32",
  softCap: "f32", // 0 for none
  lowest: "f32", // what the largest score is at least
  biasBatch: "i32",
  biasHead: "i32",
  biasQuery: "i32",
  biasKey: "i32",
  denseBatch: "i32",
  denseHead: "i32",
  denseQuery: "i32",
  denseKey: "i32",
  intervalBatch: "i32",
  queries: "i32", // to a unit
} as const;
export type AttentionVariables = {
  readonly [K in keyof typeof attentionFields]: Local<(typeof attentionFields)[K]>;
};

/** The keys that one query may see, by the terms of the mask that are ranges: `from` … `to` − 1. Both are at most s. */
export function writeReach(f: KernelFunc, of: AttentionVariables, batch: Int, query: Int, from: Int, to: Int): void {
  const position = f.let(i32.add(query, of.queryOffset));
  from.set(i32.of(0));
  to.set(of.s);
  const lower = (limit: Value<"i32">): void => to.set(f.select(i32.ltSigned(limit, to), limit, to));
  const raise = (limit: Value<"i32">): void => from.set(f.select(i32.gtSigned(limit, from), limit, from));
  f.if(of.causal, () => lower(f.let(i32.add(position, 1))));
  f.if(of.lengths, () => lower(f.let(i32.load(element(of.lengths, batch, 2)))));
  f.if(of.window, () => raise(f.let(i32.add(i32.sub(position, of.window), 1))));
  f.if(of.intervals, () => {
    const ends = f.let(element(of.intervals, i32.add(i32.mul(batch, of.intervalBatch), i32.shl(query, 1)), 2));
    raise(f.let(i32.load(ends)));
    lower(f.let(i32.load(ends, 4)));
  });
  to.set(f.select(i32.gtSigned(to, 0), to, i32.of(0)));
  from.set(f.select(i32.lt(from, of.s), from, of.s));
}

/** The keys that at least one of `rows` queries from `query` on may see lie in `low` … `high` − 1; an interval need not grow with its query. */
export function writeReachOfAll(
  f: KernelFunc,
  of: AttentionVariables,
  batch: Int,
  query: Int,
  rows: Int,
  low: Int,
  high: Int,
): void {
  const [each, from, to] = f.locals("i32", 3);
  const end = f.let(i32.add(query, rows));
  low.set(of.s);
  high.set(i32.of(0));
  f.for(each, query, end, 1, () => {
    writeReach(f, of, batch, each, from, to);
    low.set(f.select(i32.lt(from, low), from, low));
    high.set(f.select(i32.lt(high, to), to, high));
  });
}

/** A row of products q · k, of keys `start` to `start` + 4 `vectors` − 1, in the place of the query that they are of. */
export interface ScoreRow {
  readonly batch: Int;
  readonly head: Int;
  readonly query: Int;
  readonly row: Int;
  readonly start: Int;
  readonly vectors: Int;
}
