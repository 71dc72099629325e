import { i32, type Local, v128 } from "@tenon/wasm-assembler";

import type { Engine } from "../engine.ts";
import { element, kernel, scratchBytes, type Kernel } from "../kernel.ts";
import { dotForm, firstStep, secondStep, stepBytes } from "./dot-levels.ts";
import { dotTiles, tallest } from "./dot-tile.ts";
import { findColumnScales } from "./column-scales.ts";
import type { Bits } from "./levels.ts";
import { groupBytes, sumsBytes } from "./pack-levels.ts";
import { panelsOf, wholeLines } from "./panels.ts";
import { divideRows, panelRow } from "./tile.ts";

/** Rows of activations in a unit at most. */
const mostRows = 240;
/** Panels of the weight in a unit at most. */
const mostPanels = 16;
// What scratch holds: results of a panel that is not full, zeros in place of a bias, the scales of a panel, a panel of 4 bits as one of 8.
const zerosAt = mostRows * panelRow;
const scalesAt = zerosAt + panelRow;
const scalesBytes = 1 << 18;
const panelAt = scalesAt + scalesBytes;

const fields = {
  a: "i32",
  aScales: "i32",
  levels: "i32",
  scales: "i32",
  c: "i32",
  bias: "i32",
  m: "i32",
  n: "i32",
  k: "i32",
  groups: "i32",
  rowsPerUnit: "i32",
  panelsPerUnit: "i32",
} as const;

/**
 * c [m, n] = a · levelsᵀ + bias, where a [m, k] was rounded by `roundRows` and the levels [n, k] are packed. A unit is a block of rows
 * times a group of panels.
 */
const multiplyLevels = (bits: Bits): Kernel<typeof fields> =>
  kernel(`multiplyLevels${bits}`, fields, (f, of, part) => {
    const { m, n, k, groups, rowsPerUnit, panelsPerUnit } = of;
    const form = dotForm(f.target);
    const [unit, block, p, p1, row, rows, left, c, cRow, to, r, panel, panelEnd, a, aScale] = f.locals("i32", 15);
    const [q, g, from, bias, scaleAt] = f.locals("i32", 5);
    const panels = f.let(i32.shr(i32.add(n, 7), 3));
    const unitsAcross = f.let(i32.div(i32.sub(i32.add(panels, panelsPerUnit), 1), panelsPerUnit));
    const tailColumns = f.let(i32.and(n, 7));
    const aRow = f.let(i32.mul(k, form.bytes));
    const aScaleRow = f.let(i32.shl(groups, 2));
    const size = f.let(i32.div(k, groups));
    const groupLevels = f.let(i32.shl(size, 3)); // as they are multiplied: 8 bits each
    const packedGroup = f.let(i32.add(i32.mul(size, bits), sumsBytes));
    const panelBytes = f.let(i32.mul(groups, packedGroup));
    const b0 = f.local("v128");

    /** A panel of 4 bits as one of 8, in scratch. */
    const widen = (): void => {
      from.set(panel);
      panel.set(i32.add(part.scratch, panelAt));
      to.set(panel);
      const loads = stepBytes(form) / 16;
      f.for(g, 0, groups, 1, () => {
        f.copy(to, from, i32.of(sumsBytes));
        to.set(i32.add(to, sumsBytes));
        from.set(i32.add(from, sumsBytes));
        const end = f.let(i32.add(to, groupLevels));
        f.while(
          () => i32.lt(to, end),
          () => {
            for (let i = 0; i < loads; i++) {
              b0.set(v128.load(from, 16 * i));
              f.store("v128", to, firstStep(b0), 16 * i);
              f.store("v128", to, secondStep(b0), 16 * (i + loads));
            }
            from.set(i32.add(from, 16 * loads));
            to.set(i32.add(to, 32 * loads));
          },
        );
      });
      panelEnd.set(to);
    };
    const runTiles = (height: number, count: Local<"i32">): void => {
      const tile = dotTiles(f.target)[height - 1]!;
      f.call(tile, a, aRow, aScale, aScaleRow, panel, panelEnd, groupLevels, scaleAt, c, cRow, bias, count);
      const done = f.let(i32.mul(count, height));
      a.set(i32.add(a, i32.mul(aRow, done)));
      aScale.set(i32.add(aScale, i32.mul(aScaleRow, done)));
      c.set(i32.add(c, i32.mul(cRow, done)));
    };

    f.fill(i32.add(part.scratch, zerosAt), 0, i32.of(panelRow));
    f.for(unit, part.from, part.to, 1, () => {
      block.set(i32.div(unit, unitsAcross));
      p.set(i32.mul(i32.sub(unit, i32.mul(block, unitsAcross)), panelsPerUnit));
      p1.set(f.select(i32.lt(i32.add(p, panelsPerUnit), panels), i32.add(p, panelsPerUnit), panels));
      row.set(i32.mul(block, rowsPerUnit));
      rows.set(f.select(i32.lt(i32.sub(m, row), rowsPerUnit), i32.sub(m, row), rowsPerUnit));
      f.for(p, p, p1, 1, () => {
        const isTail = f.let(i32.and(i32.gt(tailColumns, 0), i32.eq(i32.add(p, 1), panels)));
        const place = f.let(i32.add(element(of.c, i32.mul(row, n), 2), i32.shl(p, 5)));
        c.set(f.select(isTail, part.scratch, place));
        cRow.set(f.select(isTail, i32.of(panelRow), i32.shl(n, 2)));
        bias.set(f.select(of.bias, i32.add(of.bias, i32.shl(p, 5)), i32.add(part.scratch, zerosAt)));
        panel.set(i32.add(of.levels, i32.mul(p, panelBytes)));
        panelEnd.set(i32.add(panel, panelBytes));
        if (bits === 4) widen();
        scaleAt.set(i32.add(part.scratch, scalesAt));
        findColumnScales(f, of.scales, groups, p, n, scaleAt);
        a.set(i32.add(of.a, i32.mul(row, aRow)));
        aScale.set(i32.add(of.aScales, i32.mul(row, aScaleRow)));
        left.set(rows);
        divideRows(f, left, tallest, runTiles);
        f.if(isTail, () => {
          q.set(part.scratch);
          f.for(r, 0, rows, 1, () => {
            f.copy(place, q, i32.shl(tailColumns, 2));
            place.set(i32.add(place, i32.shl(n, 2)));
            q.set(i32.add(q, panelRow));
          });
        });
      });
    });
  });
const kernels = { q8: multiplyLevels(8), q4: multiplyLevels(4) };
export const multiplyLevelsKernels: readonly Kernel[] = [kernels.q8, kernels.q4];

/** A product of rounded activations [m, k] with packed levels [n, k]; addresses, 0 for no bias. */
export interface LevelsMultiply {
  readonly dtype: "q8" | "q4";
  readonly a: number;
  readonly aScales: number;
  readonly levels: number;
  readonly scales: number;
  readonly c: number;
  readonly bias: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly groups: number;
}

/** Whether scratch has room for the panels and the scales of such a weight. */
export const fitsScratch = (k: number, groups: number): boolean =>
  (groups + 4) * panelRow <= scalesBytes && groups * groupBytes(8, k / groups) <= scratchBytes - panelAt;

export function runMultiplyLevels(engine: Engine, { dtype, ...o }: LevelsMultiply): void {
  const panels = panelsOf(o.n);
  const rowBlocks = Math.ceil(o.m / mostRows);
  const rowsPerUnit = Math.ceil(Math.ceil(o.m / rowBlocks) / tallest) * tallest;
  const wanted = engine.threads === 1 ? 1 : 4 * engine.threads;
  const panelsPerUnit = wholeLines(Math.min(mostPanels, Math.ceil((panels * rowBlocks) / wanted)));
  const units = rowBlocks * Math.ceil(panels / panelsPerUnit);
  const nanoseconds = (2 * Math.min(o.m, rowsPerUnit) * panelsPerUnit * 8 * o.k) / 150;
  engine.run(kernels[dtype], { ...o, rowsPerUnit, panelsPerUnit }, units, Math.ceil(20_000 / nanoseconds));
}
