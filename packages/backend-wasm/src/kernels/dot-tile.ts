import { f32x4, i32, type Local, v128 } from "@tenon/wasm-assembler";

import { KernelFunc, type Target } from "../kernel.ts";
import { dot, dotForm, loadStep, stepBytes } from "./dot-levels.ts";
import { sumsBytes } from "./pack-levels.ts";
import { panelRow } from "./tile.ts";

/** Rows of a tile: two vectors of sums each, and three registers besides. */
export const tallest: number = 6;

type Int = Local<"i32">;
const names = [
  "a",
  "aRow",
  "aScale",
  "aScaleRow",
  "panel",
  "panelEnd",
  "group",
  "scales",
  "c",
  "cRow",
  "bias",
  "count",
] as const;
type Arguments = { readonly [K in (typeof names)[number]]: Int };

/**
 * c [count · height, 8] = bias [8] + Σ over groups of (Σ level · activation) · scale · scale: whole numbers are summed in registers, and
 * each group's sums added to the results as floats. `group` is the bytes of a group's levels.
 */
function dotTile(target: Target, height: number): KernelFunc {
  const f = new KernelFunc(`dotTile${height}`, target, new Array<"i32">(names.length).fill("i32"));
  const { a, aRow, aScale, aScaleRow, panel, panelEnd, group, scales, c, cRow, bias, count } = Object.fromEntries(
    names.map((name, n) => [name, f.parameter(n, "i32")]),
  ) as unknown as Arguments;
  const sums = Array.from({ length: height }, () => f.locals("v128", 2));
  const rows: Int[] = f.locals("i32", height);
  const [b0, b1, each] = f.locals("v128", 3);
  const [at, end, to, factor, scaleAt, offset, from, fromRow] = f.locals("i32", 8);
  f.doWhile(
    () => {
      rows.forEach((row, r) => row.set(r === 0 ? a : i32.add(rows[r - 1]!, aRow)));
      at.set(panel);
      scaleAt.set(scales);
      offset.set(i32.of(0));
      // The first group's sums are added to the bias, the others' to what is there.
      from.set(bias);
      fromRow.set(i32.of(0));
      f.doWhile(
        () => {
          for (const [s0, s1] of sums) {
            s0.set(v128.load(at));
            s1.set(v128.load(at, 16));
          }
          at.set(i32.add(at, sumsBytes));
          end.set(i32.add(at, group));
          f.doWhile(
            () => {
              const [l0, l1] = loadStep(target, at);
              b0.set(l0);
              b1.set(l1);
              sums.forEach(([s0, s1], r) => {
                each.set(v128.splat32(rows[r]!));
                s0.set(dot(target, b0, each, s0));
                s1.set(dot(target, b1, each, s1));
              });
              for (const row of rows) row.set(i32.add(row, 4));
              at.set(i32.add(at, stepBytes(dotForm(target))));
            },
            () => i32.lt(at, end),
          );
          b0.set(v128.load(scaleAt));
          b1.set(v128.load(scaleAt, 16));
          to.set(c);
          factor.set(i32.add(aScale, offset));
          sums.forEach(([s0, s1], r) => {
            each.set(v128.splat32(factor));
            f.store("v128", to, f.madd(f32x4.ofSigned(s0), f32x4.mul(b0, each), v128.load(from)));
            f.store("v128", to, f.madd(f32x4.ofSigned(s1), f32x4.mul(b1, each), v128.load(from, 16)), 16);
            if (r === height - 1) return;
            to.set(i32.add(to, cRow));
            from.set(i32.add(from, fromRow));
            factor.set(i32.add(factor, aScaleRow));
          });
          scaleAt.set(i32.add(scaleAt, panelRow));
          offset.set(i32.add(offset, 4));
          from.set(c);
          fromRow.set(cRow);
        },
        () => i32.lt(at, panelEnd),
      );
      a.set(i32.add(a, i32.mul(aRow, height)));
      aScale.set(i32.add(aScale, i32.mul(aScaleRow, height)));
      c.set(i32.add(c, i32.mul(cRow, height)));
      count.set(i32.sub(count, 1));
    },
    () => count,
  );
  return f;
}
const tiles = new WeakMap<Target, readonly KernelFunc[]>();
/** The tiles of 1, 2 … rows. */
export function dotTiles(target: Target): readonly KernelFunc[] {
  let found = tiles.get(target);
  if (found === undefined) {
    found = Array.from({ length: tallest }, (_, i) => dotTile(target, i + 1));
    tiles.set(target, found);
  }
  return found;
}
