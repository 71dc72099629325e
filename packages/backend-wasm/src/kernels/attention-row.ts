// From a row of products of a query with keys to the weights of their values.
import { f32, f32x4, i32, v128, type Value } from "@tenon/wasm-assembler";

import { element, type KernelFunc } from "../kernel.ts";
import { writeReach, type AttentionVariables, type ScoreRow } from "./attention-fields.ts";
import { inTurns, writeFullScores, writePlainScores } from "./attention-scores.ts";
import { exp, expEach, maxLanes, sumLanes } from "./math.ts";

/**
 * Turns a row of products into weights: scaled, capped, biased, masked, and divided by their sum and the sink's. Lanes of keys that the
 * query does not see become 0.
 */
export function writeWeights(f: KernelFunc, of: AttentionVariables, at: ScoreRow): void {
  const scale = f.let(f32x4.splat(writeExponentials(f, of, at)));
  const offset = f.let(at.row);
  const end = f.let(i32.add(at.row, i32.shl(at.vectors, 4)));
  f.while(
    () => i32.lt(offset, end),
    () => {
      f.store("v128", offset, f32x4.mul(v128.load(offset), scale));
      offset.set(i32.add(offset, 16));
    },
  );
}

/** Like {@link writeWeights}, but not divided yet: gives what they are to be multiplied with. */
export function writeExponentials(f: KernelFunc, of: AttentionVariables, at: ScoreRow): Value<"f32"> {
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
  const [scale, shift, total] = f.locals("v128", 3);
  scale.set(f32x4.splat(factor));
  shift.set(f32x4.splat(f32.neg(largest)));
  total.set(f32x4.of(0));
  inTurns(f, offset, end, (places) => {
    const scores = places.map((place) => f32x4.add(f32x4.mul(v128.load(offset, place), scale), shift));
    expEach(f, scores).forEach((each, i) => {
      total.set(f32x4.add(total, each));
      f.store("v128", offset, each, places[i]);
    });
  });
  const sum = f.let(f32.add(sumLanes(f, total), rest));
  return f.let(f32.div(1, f.select(f32.eq(sum, 0), f32.of(1), sum)));
}
