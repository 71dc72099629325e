import { f32, f32x4, i16x8, i32, i32x4, i8x16, type Local, shuffle32, v128 } from "@tenon/wasm-assembler";

import { floats, integers } from "../constants.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel, type KernelFunc } from "../kernel.ts";
import { dotForm } from "./dot-levels.ts";

/**
 * A float of this size has no bits below one: what is added to it is rounded to a whole number, which stands in its lowest bits. One
 * instruction for rounding and one to have the number, where WebAssembly's own conversions take V8 a dozen.
 */
const roundingMagic = 1.5 * 2 ** 23;
const roundingBits = 0x4b400000;

/** A row of activations, what it becomes, and its scales: addresses. */
interface Row {
  readonly x: Int;
  readonly y: Int;
  readonly scales: Int;
}
type Int = Local<"i32">;

/**
 * Writes code that rounds a row x [k] of activations to whole numbers, in the same groups of neighbours as the weight: y [k] as
 * {@link dotForm} says, and scales [groups], each times `unit`. A group with NaN or an infinity gets a scale that is none, and so do its
 * products. Leaves the addresses behind what they point to.
 */
export function writeRounding(f: KernelFunc, { x, y, scales }: Row, k: Int, groups: Int, unit: Local<"f32">): void {
  const form = dotForm(f.target);
  const [end, scalesEnd, i] = f.locals("i32", 3);
  const most = f.locals("v128", 4);
  const [factor, magic, base] = f.locals("v128", 3);
  const bytes = f.let(i32.shl(i32.div(k, groups), 2));
  scalesEnd.set(element(scales, groups, 2));
  f.for(scales, scales, scalesEnd, 4, () => {
    end.set(i32.add(x, bytes));
    // Of numbers without their signs the largest is the one with the largest bits, and NaN is larger than all.
    for (const largest of most) largest.set(i32x4.of(0));
    f.for(i, x, end, 64, () =>
      most.forEach((largest, n) =>
        largest.set(i32x4.max(largest, v128.and(v128.load(i, 16 * n), integers(0x7fffffff)))),
      ),
    );
    const all = f.let(i32x4.max(i32x4.max(most[0], most[1]), i32x4.max(most[2], most[3])));
    const pairs = f.let(i32x4.max(all, shuffle32(all, all, 2, 3, 0, 1)));
    const largest = f.let(f32x4.lane(i32x4.max(pairs, shuffle32(pairs, pairs, 1, 0, 3, 2)), 0));
    f.store("f32", scales, f32.mul(f32.mul(largest, 1 / form.most), unit));
    // Of a group of zeros, or of numbers too small to divide by, all levels are 0.
    const inverse = f.let(f32.div(form.most, largest));
    factor.set(f32x4.splat(f.select(f32.lt(inverse, Infinity), inverse, f32.of(0))));
    magic.set(floats(roundingMagic));
    base.set(integers(roundingBits - form.zero));
    f.for(x, x, end, 64, () => {
      const [a, b, c, d] = [0, 16, 32, 48].map((offset) =>
        f.let(i32x4.sub(f.madd(v128.load(x, offset), factor, magic), base)),
      ) as [Vector, Vector, Vector, Vector];
      const [low, high] = [i16x8.narrow(a, b), i16x8.narrow(c, d)];
      if (form.bytes === 1) f.store("v128", y, i8x16.narrow(low, high));
      else {
        f.store("v128", y, low);
        f.store("v128", y, high, 16);
      }
      y.set(i32.add(y, 16 * form.bytes));
    });
  });
}
type Vector = Local<"v128">;

/** {@link writeRounding} of rows x [m, k]; a unit is a row. */
const roundRows = kernel(
  "roundRows",
  { x: "i32", y: "i32", scales: "i32", k: "i32", groups: "i32", unit: "f32" },
  (f, { x, y, scales, k, groups, unit }, part) => {
    const row = { x: f.let(element(x, i32.mul(part.from, k), 2)), y: f.local("i32"), scales: f.local("i32") };
    row.y.set(i32.add(y, i32.mul(i32.mul(part.from, k), dotForm(f.target).bytes)));
    row.scales.set(element(scales, i32.mul(part.from, groups), 2));
    const i = f.local("i32");
    f.for(i, part.from, part.to, 1, () => writeRounding(f, row, k, groups, unit));
  },
);

export const roundRowsKernels: readonly Kernel[] = [roundRows];

/** What {@link roundRows} reads and writes; k / groups is a multiple of 16. */
export interface Rounding {
  readonly x: number;
  readonly y: number;
  readonly scales: number;
  readonly m: number;
  readonly k: number;
  readonly groups: number;
  readonly unit: number;
}

export function runRoundRows(engine: Engine, { m, ...values }: Rounding): void {
  engine.run(roundRows, values, m, Math.ceil(60_000 / values.k));
}
