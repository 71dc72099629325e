import { f32, f32x4, i32, type Local, v128 } from "@tenon/wasm-assembler";

import { element, kernel, type Kernel } from "../kernel.ts";
import { attentionFields, writeReach } from "./attention-fields.ts";
import { writeWeights } from "./attention-row.ts";
import { sumEach } from "./math.ts";

/** Columns of the values that are summed at a time: eight vectors. */
const columns = 32;

/** Attention of one query of one head, which is a unit: keys and values are read once, as they lie in the cache. What decoding does. */
export const fewQueries: Kernel<typeof attentionFields> = kernel("attentionFew", attentionFields, (f, of, part) => {
  const { t, width, valueWidth } = of;
  const [unit, head, batch, query, low, high, key, at, i, line] = f.locals("i32", 10);
  const rows: Local<"i32">[] = f.locals("i32", 4);
  const sums: Local<"v128">[] = f.locals("v128", 8);
  const [each, total] = f.locals("v128", 2);
  const keyRow = f.let(i32.shl(width, 2));
  const whole = f.let(i32.and(keyRow, -16));
  const valueRow = f.let(i32.shl(valueWidth, 2));
  const scores = part.scratch;
  const [a, b, c, d] = sums as [Local<"v128">, Local<"v128">, Local<"v128">, Local<"v128">];
  f.for(unit, part.from, part.to, 1, () => {
    head.set(i32.div(unit, t));
    query.set(i32.sub(unit, i32.mul(head, t)));
    batch.set(i32.div(head, of.heads));
    const headInBatch = f.let(i32.sub(head, i32.mul(batch, of.heads)));
    const keyHead = f.let(i32.mul(i32.div(head, of.group), of.capacity));
    const keys = f.let(i32.add(of.k, i32.mul(keyHead, keyRow)));
    const values = f.let(i32.add(of.v, i32.mul(keyHead, valueRow)));
    const queryAt = f.let(i32.add(of.q, i32.mul(unit, keyRow)));
    writeReach(f, of, batch, query, low, high);
    low.set(i32.and(low, -4));
    high.set(f.select(i32.lt(high, low), low, high));
    const last = f.let(i32.add(keys, i32.mul(i32.sub(of.s, 1), keyRow)));
    // Four keys at a time; those behind the last are the last again, and masked below.
    f.for(key, low, high, 4, () => {
      rows.forEach((row, j) => {
        const place = i32.add(keys, i32.mul(i32.add(key, j), keyRow));
        row.set(f.select(i32.lt(i32.add(key, j), of.s), place, last));
      });
      for (const s of [a, b, c, d]) s.set(f32x4.of(0));
      f.for(i, 0, whole, 16, () => {
        each.set(v128.load(i32.add(queryAt, i)));
        rows.forEach((row, j) => sums[j]!.set(f.madd(each, v128.load(i32.add(row, i)), sums[j]!)));
      });
      total.set(sumEach(f, a, b, c, d));
      f.for(i, whole, keyRow, 4, () =>
        rows.forEach((row, j) => {
          const product = f32.mul(f32.load(i32.add(queryAt, i)), f32.load(i32.add(row, i)));
          total.set(f32x4.replace(total, j, f32.add(f32x4.lane(total, j), product)));
        }),
      );
      f.store("v128", element(scores, i32.sub(key, low), 2), total);
    });
    const vectors = f.let(i32.shr(i32.add(i32.sub(high, low), 3), 2));
    writeWeights(f, of, { batch, head: headInBatch, query, row: scores, start: low, vectors });
    const out = f.let(i32.add(of.y, i32.mul(unit, valueRow)));
    const weightsEnd = f.let(element(scores, i32.sub(high, low), 2));
    // The values' rows are read to the end of their last vectors, which may reach into the next row; those lanes are not stored.
    f.for(i, 0, valueWidth, columns, () => {
      for (const s of sums) s.set(f32x4.of(0));
      at.set(scores);
      line.set(element(i32.add(values, i32.mul(low, valueRow)), i, 2));
      f.while(
        () => i32.lt(at, weightsEnd),
        () => {
          each.set(v128.splat32(at));
          sums.forEach((s, j) => s.set(f.madd(each, v128.load(line, 16 * j), s)));
          line.set(i32.add(line, valueRow));
          at.set(i32.add(at, 4));
        },
      );
      const bytes = f.let(i32.sub(valueRow, i32.shl(i, 2)));
      const results = f.let(i32.add(weightsEnd, 64));
      sums.forEach((s, j) => f.store("v128", results, s, 16 * j));
      f.copy(element(out, i, 2), results, f.select(i32.lt(bytes, 4 * columns), bytes, i32.of(4 * columns)));
    });
  });
});
