import { f32, f32x4, f64, Func, i32, type Local, v128, type Value } from "@tenon/wasm-assembler";

import { pairBytes } from "./pairs.ts";
import type { RowLayout } from "./row-layout.ts";

type Address = Local<"i32">;

/** Vectors that a turn of a loop works on: as many sums run side by side. */
const turns = 4;

/** Visits all offsets of a row's vectors: four in a turn, then the rest one by one. */
function sweep(f: Func, bytes: number, visit: (at: Address, offset: number, turn: number) => void): void {
  const at = f.local("i32");
  const whole = bytes - (bytes % (16 * turns));
  f.for(at, 0, whole, 16 * turns, () => {
    for (let turn = 0; turn < turns; turn++) visit(at, 16 * turn, turn);
  });
  // The variable keeps its last value, where the rest begins.
  for (let offset = 0; whole + offset < bytes; offset += 16) visit(at, offset, offset / 16);
}

/** wᵀw̃ of two rows. */
function dot(f: Func, w: Address, c: Address, bytes: number): Value<"f32"> {
  const sums = f.locals("v128", turns);
  for (const sum of sums) sum.set(f32x4.of(0)); // it lies in a loop: locals are zero only once
  sweep(f, bytes, (at, offset, turn) => {
    const product = f32x4.mul(v128.load(i32.add(w, at), offset), v128.load(i32.add(c, at), offset));
    sums[turn]!.set(f32x4.add(sums[turn]!, product));
  });
  const sum = f.let(f32x4.add(f32x4.add(sums[0], sums[1]), f32x4.add(sums[2], sums[3])));
  const lane = (n: number) => f32x4.lane(sum, n);
  return f32.add(f32.add(lane(0), lane(1)), f32.add(lane(2), lane(3)));
}

/**
 * The training loop in WebAssembly: see {@link trainPairs} for what it computes. It takes the address of the first pair, that behind the
 * last, the rate, the clip, and where the double is to which the losses are added, and the integer to which the skipped pairs are. Where the
 * rows begin is built in, so that they may lie beyond 4 GiB.
 */
export function gloveKernel({ vocabulary, padded, row }: RowLayout, rows: number): Func {
  const f = new Func("trainPairs", ["i32", "i32", "f32", "f32", "i32", "i32"]);
  const [first, end] = [f.parameter(0, "i32"), f.parameter(1, "i32")];
  const [lossAt, skippedAt] = [f.parameter(4, "i32"), f.parameter(5, "i32")];
  const rate = f.let(f32x4.splat(f.parameter(2, "f32")));
  const most = f.let(f32x4.splat(f.parameter(3, "f32")));
  const least = f.let(f32x4.neg(most));

  const vectorBytes = 4 * padded;
  const biasAt = 2 * vectorBytes;
  const rowBytes = 4 * row;
  const contexts = rows + vocabulary * rowBytes;
  const loss = f.let(f64.load(lossAt));
  const skipped = f.let(i32.load(skippedAt));

  const pair = f.local("i32");
  f.for(pair, first, end, pairBytes, () => {
    const w = f.let(i32.add(i32.mul(i32.load(pair), rowBytes), rows));
    const c = f.let(i32.add(i32.mul(i32.load(pair, 4), rowBytes), contexts));
    const biases = f.let(f32.add(f32.load(w, biasAt), f32.load(c, biasAt)));
    const error = f.let(f32.add(dot(f, w, c, vectorBytes), f32.sub(biases, f32.load(pair, 8))));
    const slope = f.let(f32.mul(f32.load(pair, 12), error));
    const square = f.let(f32.mul(slope, error));
    f.if(
      f32.lt(square, Infinity), // no NaN either
      () => {
        loss.set(f64.add(loss, f64.mul(f64.ofF32(square), 0.5)));
        const slopes = f.let(f32x4.splat(slope));
        const gradient = (other: Value<"v128">) =>
          f.let(f32x4.mul(f32x4.pmin(f32x4.pmax(f32x4.mul(slopes, other), least), most), rate));
        sweep(f, vectorBytes, (at, offset) => {
          const [ofWord, ofContext] = [f.let(i32.add(w, at)), f.let(i32.add(c, at))];
          const [x, y] = [f.let(v128.load(ofWord, offset)), f.let(v128.load(ofContext, offset))];
          adaGrad(f, ofWord, x, gradient(y), offset, vectorBytes);
          adaGrad(f, ofContext, y, gradient(x), offset, vectorBytes);
        });
        for (const at of [w, c]) {
          const squares = f.let(f32.load(at, biasAt + 4));
          f.store("f32", at, f32.sub(f32.load(at, biasAt), f32.div(slope, f32.sqrt(squares))), biasAt);
          f.store("f32", at, f32.add(squares, f32.mul(slope, slope)), biasAt + 4);
        }
      },
      () => skipped.set(i32.add(skipped, 1)),
    );
  });
  f.store("f64", lossAt, loss);
  f.store("i32", skippedAt, skipped);
  return f;
}

/** A step on four numbers x of a row: x − g / √s, and s + g². */
function adaGrad(f: Func, at: Address, x: Value<"v128">, g: Value<"v128">, offset: number, squaresAt: number): void {
  const squares = f.let(v128.load(at, offset + squaresAt));
  f.store("v128", at, f32x4.sub(x, f32x4.div(g, f32x4.sqrt(squares))), offset);
  f.store("v128", at, f32x4.add(squares, f32x4.mul(g, g)), offset + squaresAt);
}
