import type { Local } from "../assembler/func.ts";
import { f32, f32x4, i16x8, i32, i32x4, v128 } from "../assembler/instructions.ts";
import type { Value } from "../assembler/value.ts";
import { element, type KernelFunc } from "../kernel.ts";
import { exp, maxLanes, sumLanes, tanh } from "./math.ts";

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
  queries: "i32", // to a unit
} as const;
export type AttentionVariables = {
  readonly [K in keyof typeof attentionFields]: Local<(typeof attentionFields)[K]>;
};

/** The keys that one query may see, by the terms of the mask that are ranges: `from` … `to` − 1. */
export function writeReach(f: KernelFunc, of: AttentionVariables, batch: Int, query: Int, from: Int, to: Int): void {
  const position = f.let(i32.add(query, of.queryOffset));
  from.set(i32.of(0));
  to.set(of.s);
  const lower = (limit: Value<"i32">): void => to.set(f.select(i32.ltSigned(limit, to), limit, to));
  f.if(of.causal, () => lower(f.let(i32.add(position, 1))));
  f.if(of.lengths, () => lower(f.let(i32.load(element(of.lengths, batch, 2)))));
  f.if(of.window, () => {
    const first = f.let(i32.add(i32.sub(position, of.window), 1));
    from.set(f.select(i32.gtSigned(first, 0), first, i32.of(0)));
  });
  to.set(f.select(i32.gtSigned(to, 0), to, i32.of(0)));
  from.set(f.select(i32.lt(from, of.s), from, of.s));
}

/** A row of products q · k, of keys `start` to `start` + 4 `vectors` − 1, in the place of the query that they are of. */
interface ScoreRow {
  readonly batch: Int;
  readonly head: Int;
  readonly query: Int;
  readonly row: Int;
  readonly start: Int;
  readonly vectors: Int;
}

/**
 * Turns a row of products into weights: scaled, capped, biased, masked, and divided by their sum and the sink's. Lanes of keys that the
 * query does not see become 0.
 */
export function writeWeights(f: KernelFunc, of: AttentionVariables, at: ScoreRow): void {
  const [from, to, end] = f.locals("i32", 3);
  writeReach(f, of, at.batch, at.query, from, to);
  const factor = f.local("f32");
  const top = f.let(f32x4.splat(of.lowest));
  end.set(i32.add(at.row, i32.shl(at.vectors, 4)));
  const touched = i32.or(i32.or(of.bias, of.dense), f32.ne(of.softCap, 0));
  f.if(
    i32.or(touched, i32.eqz(f32.gt(of.scale, 0))),
    () => {
      writeFullScores(f, of, at, from, to, end, top);
      factor.set(f32.of(1));
    },
    () => {
      writePlainScores(f, at, from, to, end, top);
      factor.set(of.scale);
    },
  );
  const largest = f.let(f32.max(f32.mul(maxLanes(f, top), factor), of.lowest));
  const rest = f.local("f32");
  rest.set(f32.of(0));
  f.if(of.sinks, () => {
    const sink = f.let(f32.load(element(of.sinks, at.head, 2)));
    largest.set(f32.max(largest, sink));
    rest.set(f32x4.lane(exp(f, f32x4.splat(f32.sub(sink, largest))), 0));
  });
  const offset = f.let(at.row);
  const [scale, shift, total, each] = f.locals("v128", 4);
  scale.set(f32x4.splat(factor));
  shift.set(f32x4.splat(f32.neg(largest)));
  total.set(f32x4.of(0));
  f.while(
    () => i32.lt(offset, end),
    () => {
      each.set(exp(f, f32x4.add(f32x4.mul(v128.load(offset), scale), shift)));
      total.set(f32x4.add(total, each));
      f.store("v128", offset, each);
      offset.set(i32.add(offset, 16));
    },
  );
  const sum = f.let(f32.add(sumLanes(f, total), rest));
  scale.set(f32x4.splat(f32.div(1, f.select(f32.eq(sum, 0), f32.of(1), sum))));
  offset.set(at.row);
  f.while(
    () => i32.lt(offset, end),
    () => {
      f.store("v128", offset, f32x4.mul(v128.load(offset), scale));
      offset.set(i32.add(offset, 16));
    },
  );
}

/** Lanes of keys outside of `from` … `to` − 1. */
const outside = (keys: Value<"v128">, from: Value<"v128">, to: Value<"v128">): Value<"v128"> =>
  v128.or(i32x4.lt(keys, from), i32x4.ge(keys, to));

/** Where nothing but a range of keys is to be seen to: −∞ beside it, and the largest product, not scaled yet, in `top`. */
function writePlainScores(
  f: KernelFunc,
  { row, start, vectors }: ScoreRow,
  from: Int,
  to: Int,
  end: Int,
  top: Local<"v128">,
): void {
  const whole = (keys: Value<"i32">): Int => {
    const count = f.let(keys);
    count.set(f.select(i32.gtSigned(count, 0), count, i32.of(0)));
    count.set(f.select(i32.gtSigned(count, vectors), vectors, count));
    return f.let(i32.add(row, i32.shl(count, 4)));
  };
  // Vectors from `inside` on, and before `after`, hold none but keys that are seen.
  const inside = whole(i32.shrSigned(i32.add(i32.sub(from, start), 3), 2));
  const after = whole(i32.shrSigned(i32.sub(to, start), 2));
  const offset = f.let(row);
  const [first, last, keys, each] = f.locals("v128", 4);
  first.set(i32x4.splat(from));
  last.set(i32x4.splat(to));
  const masked = (limit: Int): void =>
    f.while(
      () => i32.lt(offset, limit),
      () => {
        const key = i32.add(start, i32.shr(i32.sub(offset, row), 2));
        keys.set(i32x4.add(i32x4.splat(key), i32x4.list(0, 1, 2, 3)));
        each.set(v128.select(f32x4.of(-Infinity), v128.load(offset), outside(keys, first, last)));
        top.set(f32x4.pmax(top, each));
        f.store("v128", offset, each);
        offset.set(i32.add(offset, 16));
      },
    );
  masked(inside);
  // NaN is left out here, and reaches all weights by their sum.
  f.while(
    () => i32.lt(offset, after),
    () => {
      top.set(f32x4.pmax(top, v128.load(offset)));
      offset.set(i32.add(offset, 16));
    },
  );
  masked(end);
}

/** Scaled, capped, biased and masked, whatever there is of these; the largest in `top`. */
function writeFullScores(
  f: KernelFunc,
  of: AttentionVariables,
  { batch, head, query, row, start }: ScoreRow,
  from: Int,
  to: Int,
  end: Int,
  top: Local<"v128">,
): void {
  const cell = (a: Int, b: Int, c: Int, d: Int, key: Value<"i32">): Value<"i32"> =>
    i32.add(i32.add(i32.mul(batch, a), i32.mul(head, b)), i32.add(i32.mul(query, c), i32.mul(key, d)));
  const bias = f.let(element(of.bias, cell(of.biasBatch, of.biasHead, of.biasQuery, of.biasKey, start), 2));
  const dense = f.let(i32.add(of.dense, cell(of.denseBatch, of.denseHead, of.denseQuery, of.denseKey, start)));
  const [scale, cap, first, last, each] = f.locals("v128", 5);
  const keys = f.let(i32x4.add(i32x4.splat(start), i32x4.list(0, 1, 2, 3)));
  scale.set(f32x4.splat(of.scale));
  cap.set(f32x4.splat(of.softCap));
  first.set(i32x4.splat(from));
  last.set(i32x4.splat(to));
  const offset = f.let(row);
  f.while(
    () => i32.lt(offset, end),
    () => {
      each.set(f32x4.mul(v128.load(offset), scale));
      f.if(f32.ne(of.softCap, 0), () => each.set(f32x4.mul(tanh(f, f32x4.div(each, cap)), cap)));
      f.if(of.bias, () => {
        f.if(
          of.biasKey,
          () => each.set(f32x4.add(each, v128.load(bias))),
          () => each.set(f32x4.add(each, v128.splat32(bias))),
        );
        bias.set(i32.add(bias, i32.shl(of.biasKey, 4)));
      });
      const hidden = f.let(outside(keys, first, last));
      f.if(of.dense, () => {
        f.if(
          of.denseKey,
          () => hidden.set(v128.or(hidden, i32x4.eq(i32x4.ofLow16(i16x8.ofLow8(v128.load32Zero(dense))), i32x4.of(0)))),
          () => hidden.set(v128.or(hidden, i32x4.eq(v128.splat8(dense), i32x4.of(0)))),
        );
        dense.set(i32.add(dense, i32.shl(of.denseKey, 2)));
      });
      each.set(v128.select(f32x4.of(-Infinity), each, hidden));
      f.store("v128", offset, each);
      top.set(f32x4.pmax(top, each));
      keys.set(i32x4.add(keys, 4));
      offset.set(i32.add(offset, 16));
    },
  );
}
