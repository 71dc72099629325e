import { i32, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { Engine } from "../engine.ts";
import { kernel, type Kernel } from "../kernel.ts";
import { activationCode, writeActivation, type Activation } from "./epilogue.ts";
import { blockRows, packTransposed, panelSources, panelsOf, transpose4, wholeLines } from "./panels.ts";
import { panelRow, tileRows, writeTiles } from "./tile.ts";

/** How b lies in memory. */
const order = { panels: 0, rows: 1, transposed: 2 };

/** A product of matrices: addresses, sizes, and bytes from a row, or a matrix, to the next. */
export interface Product {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  /** 0 for none. */
  readonly bias: number;
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  /** Not 0. */
  readonly k: number;
  readonly aRow: number;
  readonly bRow: number;
  readonly cRow: number;
  readonly aBatch: number;
  readonly bBatch: number;
  readonly cBatch: number;
  readonly bOrder: keyof typeof order;
  readonly transposeA: boolean;
  readonly activation: Activation | undefined;
}

/** Rows of a in a unit at most, so that they stay in the second cache: a multiple of the rows of every tile. */
const fewRows = 240;
/** The same where rows are so short that more of them do: b is packed anew for each block of rows. */
const mostRows = 960;
/** Numbers of a, all rows of a unit together, where there are more than the few: 400 kB. */
const mostNumbers = 100_000;
/** Rows of b at a time where a is transposed: as many of its columns are copied to scratch, and stay in the second cache beside the panels. */
const turnedDepth = 384;
/** Rows in scratch are an odd number of cache lines apart: with a power of two between them they would push each other out of the first cache. */
const cacheLine = 64;
/** Panels of b in a unit at most: what is packed on the way fits into scratch. */
const mostPanels = 16;

// What scratch holds: results of a panel that is not full, panels packed on the way, rows of a transposed a.
const panelsAt = mostRows * panelRow;
const rowsAt = panelsAt + (mostPanels * blockRows + 4) * panelRow;

/**
 * c [m, n] = a [m, k] · b [k, n] + bias, then an activation, for each matrix of a batch. A unit is a block of rows times a group of
 * panels. Each result is one sum over k, in order, block by block: how the work is divided does not show in it. k > 0.
 */
const multiply = kernel(
  "multiply",
  {
    a: "i32",
    b: "i32",
    c: "i32",
    bias: "i32",
    m: "i32",
    n: "i32",
    k: "i32",
    aRow: "i32", // bytes from a row of a, as it lies in memory, to the next; likewise of b and c, and from matrix to matrix
    bRow: "i32",
    cRow: "i32",
    aBatch: "i32",
    bBatch: "i32",
    cBatch: "i32",
    rowsPerUnit: "i32",
    panelsPerUnit: "i32",
    bOrder: "i32",
    transposeA: "i32",
    mostDepth: "i32", // rows of b at a time
    activation: "i32",
  },
  (f, of, part) => {
    const { m, n, k, rowsPerUnit, panelsPerUnit } = of;
    const [unit, rest, batch, row, rows, p0, p1, first, depth, p] = f.locals("i32", 10);
    const panels = f.let(i32.shr(i32.add(n, 7), 3));
    const rowBlocks = f.let(i32.div(i32.sub(i32.add(m, rowsPerUnit), 1), rowsPerUnit));
    const groups = f.let(i32.div(i32.sub(i32.add(panels, panelsPerUnit), 1), panelsPerUnit));
    const tailColumns = f.let(i32.and(n, 7));
    const [a, aRow, b, c, rowBytes] = f.locals("i32", 5);
    const [panel, panelEnd, tileA, tileC, tileRow, left, adds, bias, isLast, isTail] = f.locals("i32", 10);
    const source = f.locals("i32", 8);
    const min = (x: Local<"i32">, y: Parameters<typeof i32.lt>[1]): void =>
      x.set(f.select(i32.lt(x, y), x, typeof y === "number" ? i32.of(y) : y));

    const packRows = (): void => {
      // Rows of b, 8 columns to each panel: row by row, so that memory is read in order.
      const [i, q, from, to] = f.locals("i32", 4);
      f.for(i, 0, depth, 1, () => {
        from.set(i32.add(i32.add(b, i32.mul(i32.add(first, i), of.bRow)), i32.shl(p0, 5)));
        to.set(i32.add(i32.add(part.scratch, panelsAt), i32.shl(i, 5)));
        f.for(q, p0, p1, 1, () => {
          f.store("v128", to, v128.load(from));
          f.store("v128", to, v128.load(from, 16), 16);
          from.set(i32.add(from, panelRow));
          to.set(i32.add(to, i32.shl(depth, 5)));
        });
      });
    };
    const packColumns = (): void => {
      const [q, base, end] = f.locals("i32", 3);
      const to = f.let(i32.add(part.scratch, panelsAt));
      base.set(i32.add(b, i32.shl(first, 2)));
      f.for(q, p0, p1, 1, () => {
        panelSources(f, source, base, of.bRow, q, n);
        end.set(i32.add(to, i32.shl(depth, 5)));
        packTransposed(f, source, to, end);
        to.set(end);
      });
    };
    const turnRows = (): void => {
      // Rows of a stand in columns: copied to scratch, 4 × 4 numbers at a time, a row of `depth` for each.
      const [i, r, from, to, whole] = f.locals("i32", 5);
      const [x0, x1, x2, x3] = f.locals("v128", 4);
      rowBytes.set(i32.or(i32.and(i32.add(i32.shl(depth, 2), cacheLine - 1), -cacheLine), cacheLine));
      const start = (): void => {
        from.set(i32.add(a, i32.mul(i32.add(first, i), of.aRow)));
        to.set(i32.add(i32.add(part.scratch, rowsAt), i32.shl(i, 2)));
      };
      whole.set(i32.and(depth, -4));
      f.for(i, 0, whole, 4, () => {
        start();
        f.for(r, 0, rows, 4, () => {
          let line: Value<"i32"> = from;
          for (const x of [x0, x1, x2, x3]) {
            x.set(v128.load(line));
            line = i32.add(line, of.aRow);
          }
          const turned = transpose4(f, x0, x1, x2, x3);
          let place: Value<"i32"> = to;
          for (const x of turned) {
            f.store("v128", place, x);
            place = i32.add(place, rowBytes);
          }
          from.set(i32.add(from, 16));
          to.set(i32.add(to, i32.shl(rowBytes, 2)));
        });
      });
      f.for(i, whole, depth, 1, () => {
        start();
        f.for(r, 0, rows, 1, () => {
          f.store("i32", to, i32.load(from));
          from.set(i32.add(from, 4));
          to.set(i32.add(to, rowBytes));
        });
      });
    };
    /** Results of the panel that is not full, from scratch to where they belong. */
    const copyTail = (): void => {
      const [r, to] = f.locals("i32", 2);
      to.set(i32.add(c, i32.shl(p, 5)));
      f.for(r, 0, rows, 1, () => {
        f.copy(to, i32.add(part.scratch, i32.shl(r, 5)), i32.shl(tailColumns, 2));
        to.set(i32.add(to, of.cRow));
      });
    };

    f.for(unit, part.from, part.to, 1, () => {
      rest.set(i32.div(unit, groups));
      p0.set(i32.mul(i32.sub(unit, i32.mul(rest, groups)), panelsPerUnit));
      p1.set(i32.add(p0, panelsPerUnit));
      min(p1, panels);
      batch.set(i32.div(rest, rowBlocks));
      row.set(i32.mul(i32.sub(rest, i32.mul(batch, rowBlocks)), rowsPerUnit));
      rows.set(i32.sub(m, row));
      min(rows, rowsPerUnit);
      a.set(i32.add(of.a, i32.mul(batch, of.aBatch)));
      f.if(
        of.transposeA,
        () => a.set(i32.add(a, i32.shl(row, 2))),
        () => a.set(i32.add(a, i32.mul(row, of.aRow))),
      );
      b.set(i32.add(of.b, i32.mul(batch, of.bBatch)));
      c.set(i32.add(i32.add(of.c, i32.mul(batch, of.cBatch)), i32.mul(row, of.cRow)));
      f.for(first, 0, k, of.mostDepth, () => {
        depth.set(i32.sub(k, first));
        min(depth, of.mostDepth);
        isLast.set(i32.ge(i32.add(first, depth), k));
        panel.set(i32.add(part.scratch, panelsAt));
        f.if(i32.eq(of.bOrder, order.rows), packRows);
        f.if(i32.eq(of.bOrder, order.transposed), packColumns);
        f.if(i32.eq(of.bOrder, order.panels), () =>
          panel.set(i32.add(b, i32.shl(i32.add(i32.mul(first, panels), i32.mul(p0, depth)), 5))),
        );
        f.if(of.transposeA, turnRows);
        aRow.set(f.select(of.transposeA, rowBytes, of.aRow));
        f.for(p, p0, p1, 1, () => {
          panelEnd.set(i32.add(panel, i32.shl(depth, 5)));
          isTail.set(i32.and(i32.gt(tailColumns, 0), i32.eq(i32.add(p, 1), panels)));
          tileA.set(f.select(of.transposeA, i32.add(part.scratch, rowsAt), i32.add(a, i32.shl(first, 2))));
          tileC.set(f.select(isTail, part.scratch, i32.add(c, i32.shl(p, 5))));
          tileRow.set(f.select(isTail, i32.of(panelRow), of.cRow));
          left.set(rows);
          adds.set(i32.gt(first, 0));
          bias.set(f.select(i32.and(isLast, i32.ne(of.bias, 0)), i32.add(of.bias, i32.shl(p, 5)), i32.of(0)));
          writeTiles(f, { left, a: tileA, aRow, panel, panelEnd, c: tileC, cRow: tileRow, adds, bias });
          f.if(i32.and(isLast, i32.ne(of.activation, activationCode(undefined))), () => {
            tileC.set(f.select(isTail, part.scratch, i32.add(c, i32.shl(p, 5))));
            writeActivation(f, of.activation, tileC, tileRow, rows, 2);
          });
          f.if(i32.and(isLast, isTail), copyTail);
          panel.set(panelEnd);
        });
      });
    });
  },
);

export const multiplyKernels: readonly Kernel[] = [multiply];

/** Runs {@link multiply} on a batch of matrices; the arguments are its own. */
export function runMultiply(engine: Engine, o: Product): void {
  const mostInUnit = o.transposeA ? fewRows : Math.min(mostRows, Math.max(fewRows, Math.floor(mostNumbers / o.k)));
  const panels = panelsOf(o.n);
  const rowBlocks = Math.ceil(o.m / mostInUnit);
  const tallest = tileRows(engine);
  const rowsPerUnit = Math.ceil(Math.ceil(o.m / rowBlocks) / tallest) * tallest;
  // Each thread should find a few units. Results do not depend on this.
  const wanted = engine.threads === 1 ? 1 : 4 * engine.threads;
  const perGroup = Math.ceil((panels * o.batch * rowBlocks) / wanted);
  const panelsPerUnit = wholeLines(Math.min(mostPanels, perGroup));
  const units = o.batch * rowBlocks * Math.ceil(panels / panelsPerUnit);
  const nanoseconds = (2 * Math.min(o.m, rowsPerUnit) * panelsPerUnit * 8 * o.k) / 40;
  engine.run(
    multiply,
    {
      ...o,
      bOrder: order[o.bOrder],
      transposeA: Number(o.transposeA),
      mostDepth: o.transposeA ? turnedDepth : blockRows,
      activation: activationCode(o.activation),
      rowsPerUnit,
      panelsPerUnit,
    },
    units,
    Math.ceil(20_000 / nanoseconds),
  );
}
