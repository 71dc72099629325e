import { f32, f32x4, i16x8, i32, i32x4, i8x16, shuffle32, v128 } from "../assembler/instructions.ts";
import { floats, integers } from "../constants.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { dotForm } from "./dot-levels.ts";

/**
 * A float of this size has no bits below one: what is added to it is rounded to a whole number, which stands in its lowest bits. One
 * instruction for rounding and one to have the number, where WebAssembly's own conversions take V8 a dozen.
 */
const roundingMagic = 1.5 * 2 ** 23;
const roundingBits = 0x4b400000;

/**
 * Rounds rows x [m, k] of activations to whole numbers, in the same groups of neighbours as the weight: y [m, k] as {@link dotForm} says,
 * and scales [m, groups], each times `unit`. A group with NaN or an infinity gets a scale that is none, and so do its products. A unit
 * is a row.
 */
const roundRows = kernel(
  "roundRows",
  { x: "i32", y: "i32", scales: "i32", k: "i32", groups: "i32", unit: "f32" },
  (f, { x, y, scales, k, groups, unit }, part) => {
    const form = dotForm(f.target);
    const [row, at, end, to, scaleAt, scaleEnd, i] = f.locals("i32", 7);
    const most = f.locals("v128", 4);
    const [factor, magic, base] = f.locals("v128", 3);
    const bytes = f.let(i32.shl(i32.div(k, groups), 2));
    f.for(row, part.from, part.to, 1, () => {
      at.set(element(x, i32.mul(row, k), 2));
      to.set(i32.add(y, i32.mul(i32.mul(row, k), form.bytes)));
      scaleAt.set(element(scales, i32.mul(row, groups), 2));
      scaleEnd.set(element(scaleAt, groups, 2));
      f.for(scaleAt, scaleAt, scaleEnd, 4, () => {
        end.set(i32.add(at, bytes));
        // Of numbers without their signs the largest is the one with the largest bits, and NaN is larger than all.
        for (const largest of most) largest.set(i32x4.of(0));
        f.for(i, at, end, 64, () =>
          most.forEach((largest, n) =>
            largest.set(i32x4.max(largest, v128.and(v128.load(i, 16 * n), integers(0x7fffffff)))),
          ),
        );
        const all = f.let(i32x4.max(i32x4.max(most[0], most[1]), i32x4.max(most[2], most[3])));
        const pairs = f.let(i32x4.max(all, shuffle32(all, all, 2, 3, 0, 1)));
        const largest = f.let(f32x4.lane(i32x4.max(pairs, shuffle32(pairs, pairs, 1, 0, 3, 2)), 0));
        f.store("f32", scaleAt, f32.mul(f32.mul(largest, 1 / form.most), unit));
        // Of a group of zeros, or of numbers too small to divide by, all levels are 0.
        const inverse = f.let(f32.div(form.most, largest));
        factor.set(f32x4.splat(f.select(f32.lt(inverse, Infinity), inverse, f32.of(0))));
        magic.set(floats(roundingMagic));
        base.set(integers(roundingBits - form.zero));
        f.for(at, at, end, 64, () => {
          const words = [0, 16, 32, 48].map((offset) =>
            f.let(i32x4.sub(f.madd(v128.load(at, offset), factor, magic), base)),
          );
          const [a, b, c, d] = words as [(typeof words)[0], (typeof words)[0], (typeof words)[0], (typeof words)[0]];
          const [low, high] = [i16x8.narrow(a, b), i16x8.narrow(c, d)];
          if (form.bytes === 1) f.store("v128", to, i8x16.narrow(low, high));
          else {
            f.store("v128", to, low);
            f.store("v128", to, high, 16);
          }
          to.set(i32.add(to, 16 * form.bytes));
        });
      });
    });
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
