import { f32x4, i32, type Local, v128 } from "@tenon/wasm-assembler";

import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { levelsAtOnce, loadLevels, type Bits } from "./levels.ts";
import { sumEach } from "./math.ts";

const fields = {
  x: "i32",
  levels: "i32",
  scales: "i32",
  y: "i32",
  bias: "i32",
  n: "i32",
  k: "i32",
  groups: "i32",
} as const;

/** Rows of the weight that are read together. */
const together = 4;

/**
 * y [n] = Σ over groups of scale · Σ level · x, + bias: one row of floats times levels [n, k], which are read once and never written
 * out. A unit is four rows of the weight, or what is left. k / groups is a multiple of 16.
 */
const rowTimesLevels = (bits: Bits): Kernel<typeof fields> =>
  kernel(`rowTimesLevels${bits}`, fields, (f, { x, levels, scales, y, bias, n, k, groups }, part) => {
    const [unit, row, at, end, g] = f.locals("i32", 5);
    const rows: Local<"i32">[] = f.locals("i32", together);
    const scaleAt: Local<"i32">[] = f.locals("i32", together);
    const sums = f.locals("v128", together) as [V, V, V, V];
    const parts: V[] = f.locals("v128", together);
    const rowBytes = f.let(bits === 8 ? k : i32.shr(k, 1));
    const groupBytes = f.let(i32.shl(i32.div(k, groups), 2));
    f.for(unit, part.from, part.to, 1, () => {
      row.set(i32.shl(unit, 2));
      for (let j = 0; j < together; j++) {
        const index = f.let(i32.add(row, j));
        const inside = f.let(f.select(i32.lt(index, n), index, i32.sub(n, 1)));
        rows[j]!.set(i32.add(levels, i32.mul(inside, rowBytes)));
        scaleAt[j]!.set(element(scales, i32.mul(inside, groups), 2));
        sums[j]!.set(f32x4.of(0));
      }
      at.set(x);
      f.for(g, 0, groups, 1, () => {
        for (const sum of parts) sum.set(f32x4.of(0));
        end.set(i32.add(at, groupBytes));
        f.doWhile(
          () => {
            rows.forEach((from, j) => {
              loadLevels(f, from, bits).forEach((four, v) =>
                parts[j]!.set(f.madd(four, v128.load(at, 16 * v), parts[j]!)),
              );
              from.set(i32.add(from, bits === 8 ? 16 : 8));
            });
            at.set(i32.add(at, 4 * levelsAtOnce));
          },
          () => i32.lt(at, end),
        );
        sums.forEach((sum, j) => {
          sum.set(f.madd(parts[j]!, v128.splat32(scaleAt[j]!), sum));
          scaleAt[j]!.set(i32.add(scaleAt[j]!, 4));
        });
      });
      const total = f.let(sumEach(f, ...sums));
      f.if(bias, () => total.set(f32x4.add(total, v128.load(element(bias, row, 2)))));
      f.store("v128", element(y, row, 2), total);
    });
  });
type V = Local<"v128">;
const kernels = { q8: rowTimesLevels(8), q4: rowTimesLevels(4) };

export const levelsProductKernels: readonly Kernel[] = [kernels.q8, kernels.q4];

/** One row of floats, times a quantised weight [n, k]; addresses, 0 for no bias. May write three numbers beyond y. */
export interface LevelsProduct {
  readonly dtype: "q8" | "q4";
  readonly x: number;
  readonly levels: number;
  readonly scales: number;
  readonly y: number;
  readonly bias: number;
  readonly n: number;
  readonly k: number;
  readonly groups: number;
}

/** Whether {@link runLevelsProduct} takes groups of this size. */
export const takesGroup = (size: number): boolean => size % levelsAtOnce === 0;

export function runLevelsProduct(engine: Engine, { dtype, ...values }: LevelsProduct): void {
  engine.run(kernels[dtype], values, Math.ceil(values.n / together), Math.ceil(30_000 / (together * values.k)));
}
