import { f32, f32x4, i16x8, i32, i32x4, i8x16, v128 } from "../assembler/instructions.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { dotForm } from "./dot-levels.ts";
import { maxLanes } from "./math.ts";

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
    const [largest, factor] = f.locals("v128", 2);
    const bytes = f.let(i32.shl(i32.div(k, groups), 2));
    f.for(row, part.from, part.to, 1, () => {
      at.set(element(x, i32.mul(row, k), 2));
      to.set(i32.add(y, i32.mul(i32.mul(row, k), form.bytes)));
      scaleAt.set(element(scales, i32.mul(row, groups), 2));
      scaleEnd.set(element(scaleAt, groups, 2));
      f.for(scaleAt, scaleAt, scaleEnd, 4, () => {
        end.set(i32.add(at, bytes));
        largest.set(f32x4.of(0));
        f.for(i, at, end, 16, () => largest.set(f32x4.max(largest, f32x4.abs(v128.load(i)))));
        const most = f.let(maxLanes(f, largest));
        f.store("f32", scaleAt, f32.mul(f32.mul(most, 1 / form.most), unit));
        // Of a group of zeros, or of numbers too small to divide by, all levels are 0.
        const inverse = f.let(f32.div(form.most, most));
        factor.set(f32x4.splat(f.select(f32.lt(inverse, Infinity), inverse, f32.of(0))));
        f.for(at, at, end, 64, () => {
          const words = [0, 16, 32, 48].map((offset) => {
            const level = i32x4.trunc(f32x4.nearest(f32x4.mul(v128.load(at, offset), factor)));
            return f.let(form.zero === 0 ? level : i32x4.add(level, form.zero));
          });
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
