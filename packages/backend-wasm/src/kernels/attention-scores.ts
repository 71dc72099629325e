// From products of a query with keys to scores: what a softmax takes.
import { f32, f32x4, i16x8, i32, i32x4, type Local, v128, type Value } from "@tenon/wasm-assembler";

import { element, type KernelFunc } from "../kernel.ts";
import type { AttentionVariables, ScoreRow } from "./attention-fields.ts";
import { tanh } from "./math.ts";

type Int = Local<"i32">;

/** Visits the vectors from `offset` on, four at a time as long as there are so many: each is `place` bytes further. */
export function inTurns(f: KernelFunc, offset: Int, end: Int, visit: (places: readonly number[]) => void): void {
  const fourth = f.let(f.select(i32.gt(end, 48), i32.sub(end, 48), i32.of(0)));
  const take = (places: readonly number[], limit: Int): void =>
    f.while(
      () => i32.lt(offset, limit),
      () => {
        visit(places);
        offset.set(i32.add(offset, 16 * places.length));
      },
    );
  take([0, 16, 32, 48], fourth);
  take([0], end);
}

/** Lanes of keys outside of `from` … `to` − 1. */
const outside = (keys: Value<"v128">, from: Value<"v128">, to: Value<"v128">): Value<"v128"> =>
  v128.or(i32x4.lt(keys, from), i32x4.ge(keys, to));

/** Where nothing but a range of keys is to be seen to: −∞ beside it, and the largest product, not scaled yet, in `top`. */
export function writePlainScores(
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
  // NaN is left out here, and reaches all weights by their sum. Four run side by side, for each waits for the one before it.
  const tops = [top, ...f.locals("v128", 3)];
  for (const each of tops.slice(1)) each.set(top);
  inTurns(f, offset, after, (places) =>
    places.forEach((place, i) => tops[i]!.set(f32x4.pmax(tops[i]!, v128.load(offset, place)))),
  );
  for (const each of tops.slice(1)) top.set(f32x4.pmax(top, each));
  masked(end);
}

/** Scaled, capped, biased and masked, whatever there is of these; the largest in `top`. */
export function writeFullScores(
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
