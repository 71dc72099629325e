import { f32, f32x4, Func, i32, type Local, v128 } from "@tenon/wasm-assembler";

import type { LoopsPlan, Slot } from "../plan.ts";
import { addToRows, meanOfRows, sweep } from "./rows.ts";
import { multiplyAdd, type Target } from "./vector-math.ts";

type Int = Local<"i32">;

/**
 * Learns all words of a window from the mean of the parts of the word in its middle: a function (word), to be called with what visits the
 * window. But for rounding it is the same as to learn them one after the other, reading and changing the parts each time; here that happens
 * once. For where each part's row gets an error e as often as it is there, the mean of the parts gets g · e, with g = Σ m² / n over the
 * distinct rows, m being how often one is there and n the number of parts: 1 where no two parts share a row.
 */
export function learnWindow(
  f: Func,
  target: Target,
  { stride, input, divides }: LoopsPlan,
  { starts, rows, gains }: NonNullable<LoopsPlan["parts"]>,
  slot: Slot,
  learnOne: Func,
): (word: Int, eachContext: (body: (context: Int) => void) => void, rate: Local<"f32">) => void {
  const mean = meanOfRows(target, input.at, stride);
  const add = addToRows(target, input.at, stride);
  const after = follow(target, stride);
  const [hidden, error, total] = [slot.hidden, slot.error, slot.total].map(({ at }) => i32.of(at)) as Addresses;
  return (word, eachContext, rate) => {
    const start = f.let(i32.add(i32.shl(word, 2), starts.at));
    const first = f.let(i32.load(start));
    const count = f.let(i32.sub(i32.load(start, 4), first));
    const from = f.let(i32.add(i32.shl(first, 2), rows.at));
    const share = f.let(divides === true ? f32.div(1, f32.ofUnsigned(count)) : f32.of(1));
    const gain = f.let(f32.mul(share, f32.load(i32.add(i32.shl(word, 2), gains.at))));
    f.call(mean, from, count, hidden);
    f.fill(total, 0, i32.of(4 * stride));
    eachContext((context) => {
      f.call(learnOne, hidden, context, rate);
      f.call(after, hidden, total, error, gain);
    });
    f.call(add, from, count, total, share);
  };
}
type Addresses = [ReturnType<typeof i32.of>, ReturnType<typeof i32.of>, ReturnType<typeof i32.of>];

/** hidden += gain · error, total += error: a function (hidden, total, error, gain). */
function follow(target: Target, stride: number): Func {
  const f = new Func("follow", ["i32", "i32", "i32", "f32"]);
  const [hidden, total, error] = [0, 1, 2].map((n) => f.let(f.parameter(n, "i32"))) as [Int, Int, Int];
  const gain = f.let(f32x4.splat(f.parameter(3, "f32")));
  const e = f.local("v128");
  sweep(f, stride, [hidden, total, error], (offset) => {
    e.set(v128.load(error, offset));
    f.store("v128", hidden, multiplyAdd(target, e, gain, v128.load(hidden, offset)), offset);
    f.store("v128", total, f32x4.add(v128.load(total, offset), e), offset);
  });
  return f;
}
