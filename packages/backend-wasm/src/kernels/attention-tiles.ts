// Products of matrices inside of attention, by the tiles of matmul.
import { i32, type Local, v128 } from "@tenon/wasm-assembler";

import { element, type KernelFunc } from "../kernel.ts";
import { blockRows, packTransposed, panelSources, transpose4 } from "./panels.ts";
import { panelRow, writeTiles } from "./tile.ts";

type Int = Local<"i32">;

/** Rows of one head, and bytes from one to the next. */
interface Rows {
  readonly at: Int;
  readonly row: Int;
}

/**
 * c [rows, span] = a [rows, width] · b [low … low + span, width]ᵀ: scores of some queries with each key. `low` and `span` are multiples of 8; of
 * b's `s` rows the last stands for those beyond it. `panel` is room for one panel and 96 bytes.
 */
export function writeScores(
  f: KernelFunc,
  a: Rows,
  rows: Int,
  b: Rows,
  s: Int,
  { low, span }: { readonly low: Int; readonly span: Int },
  c: Int,
  panel: Int,
): void {
  const source = f.locals("i32", 8);
  const [p, from, left, to, none] = f.locals("i32", 5);
  const panelEnd = f.let(i32.add(panel, i32.shl(a.row, 3)));
  const cRow = f.let(i32.shl(span, 2));
  f.for(p, 0, span, 8, () => {
    panelSources(f, source, b.at, b.row, f.let(i32.shr(i32.add(low, p), 3)), s);
    packTransposed(f, source, panel, panelEnd);
    left.set(rows);
    from.set(a.at);
    to.set(element(c, p, 2));
    writeTiles(f, { left, a: from, aRow: a.row, panel, panelEnd, c: to, cRow, adds: none, bias: none });
  });
}

/** Packs eight columns of `rows` rows, from `from` on, as a panel. Changes `from` and `panelEnd`. */
export function packColumns8(f: KernelFunc, from: Int, row: Int, rows: Int, panel: Int, panelEnd: Int): void {
  const to = f.local("i32");
  panelEnd.set(i32.add(panel, i32.shl(rows, 5)));
  f.for(to, panel, panelEnd, panelRow, () => {
    f.store("v128", to, v128.load(from));
    f.store("v128", to, v128.load(from, 16), 16);
    from.set(i32.add(from, row));
  });
}

/**
 * c [m, columns] = a [m, depth] · b [depth, columns], or is added to where `adds` is not 0. `columns` counts bytes of a row of b, and is a
 * multiple of 32.
 */
export function writeProduct(
  f: KernelFunc,
  a: Rows,
  m: Int,
  b: Rows,
  depth: Int,
  columns: Int,
  c: Rows,
  adds: Int,
  panel: Int,
): void {
  const [column, first, rows, from, panelEnd, left, at, to, more, none] = f.locals("i32", 10);
  f.for(column, 0, columns, panelRow, () =>
    f.for(first, 0, depth, blockRows, () => {
      rows.set(f.select(i32.lt(i32.sub(depth, first), blockRows), i32.sub(depth, first), i32.of(blockRows)));
      from.set(i32.add(i32.add(b.at, i32.mul(first, b.row)), column));
      packColumns8(f, from, b.row, rows, panel, panelEnd);
      left.set(m);
      at.set(element(a.at, first, 2));
      to.set(i32.add(c.at, column));
      more.set(i32.or(adds, first));
      writeTiles(f, { left, a: at, aRow: a.row, panel, panelEnd, c: to, cRow: c.row, adds: more, bias: none });
    }),
  );
}

/** y [columns, rows] = x [rows, columns]ᵀ: `columns` is a multiple of 4, and so is the distance of the rows of y; up to three rows more of x are read. */
export function writeTransposed(f: KernelFunc, x: Rows, rows: Int, columns: Int, y: Rows): void {
  const [r, i, from, to] = f.locals("i32", 4);
  const [x0, x1, x2, x3] = f.locals("v128", 4);
  f.for(r, 0, rows, 4, () => {
    from.set(i32.add(x.at, i32.mul(r, x.row)));
    to.set(element(y.at, r, 2));
    f.for(i, 0, columns, 4, () => {
      const line = f.let(from);
      for (const four of [x0, x1, x2, x3]) {
        four.set(v128.load(line));
        line.set(i32.add(line, x.row));
      }
      const place = f.let(to);
      for (const four of transpose4(f, x0, x1, x2, x3)) {
        f.store("v128", place, four);
        place.set(i32.add(place, y.row));
      }
      from.set(i32.add(from, 16));
      to.set(place);
    });
  });
}
