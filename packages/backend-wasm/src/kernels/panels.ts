// A matrix b [k, n] in panels, the order in which the tiles of matmul.ts read it: blocks of up to 768 rows, in a block one panel of
// eight columns after the other, in a panel eight numbers to a row. A panel (24 KiB) stays in the first cache while rows of a meet it.
import { i32, type Local, shuffle32, v128, type Value } from "@tenon/wasm-assembler";

import type { Block, Panels } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Kernel, type KernelFunc } from "../kernel.ts";
import { panelColumns, panelRow } from "./tile.ts";

/** Rows of a panel at most. */
export const blockRows: number = 768;

/**
 * Packs eight rows of a matrix [n, k], from column on, as a panel [rows][8]; writes up to three rows more behind it. `source` holds the
 * addresses of the eight rows.
 */
export function packTransposed(
  f: KernelFunc,
  source: readonly Local<"i32">[],
  panel: Local<"i32">,
  panelEnd: Local<"i32">,
): void {
  const to = f.let(panel);
  const [x0, x1, x2, x3] = f.locals("v128", 4);
  f.while(
    () => i32.lt(to, panelEnd),
    () => {
      for (const half of [0, 4]) {
        [x0, x1, x2, x3].forEach((x, i) => x.set(v128.load(source[half + i]!)));
        transpose4(f, x0, x1, x2, x3).forEach((x, i) => f.store("v128", to, x, panelRow * i + 4 * half));
      }
      for (const row of source) row.set(i32.add(row, 16));
      to.set(i32.add(to, 4 * panelRow));
    },
  );
}

/** The columns of four vectors. */
export function transpose4(
  f: KernelFunc,
  x0: Local<"v128">,
  x1: Local<"v128">,
  x2: Local<"v128">,
  x3: Local<"v128">,
): Value<"v128">[] {
  const t0 = f.let(shuffle32(x0, x1, 0, 4, 1, 5));
  const t1 = f.let(shuffle32(x0, x1, 2, 6, 3, 7));
  const t2 = f.let(shuffle32(x2, x3, 0, 4, 1, 5));
  const t3 = f.let(shuffle32(x2, x3, 2, 6, 3, 7));
  return [
    shuffle32(t0, t2, 0, 1, 4, 5),
    shuffle32(t0, t2, 2, 3, 6, 7),
    shuffle32(t1, t3, 0, 1, 4, 5),
    shuffle32(t1, t3, 2, 3, 6, 7),
  ];
}

/** Sets eight variables to rows 8p … 8p + 7 of a matrix; those beyond the last row to the last. */
export function panelSources(
  f: KernelFunc,
  source: readonly Local<"i32">[],
  base: Local<"i32">,
  row: Local<"i32">,
  panel: Local<"i32">,
  n: Local<"i32">,
): void {
  const last = f.let(i32.add(base, i32.mul(i32.sub(n, 1), row)));
  source.forEach((at, i) => {
    const index = i32.add(i32.shl(panel, 3), i);
    at.set(f.select(i32.lt(index, n), i32.add(base, i32.mul(index, row)), last));
  });
}

/** A whole weight [n, k] → panels; a unit is a panel. */
const packWeight = kernel("packWeight", { w: "i32", y: "i32", n: "i32", k: "i32" }, (f, { w, y, n, k }, part) => {
  const p = f.local("i32");
  const source = f.locals("i32", 8);
  const panels = f.let(i32.shr(i32.add(n, 7), 3));
  const row = f.let(i32.shl(k, 2));
  const [first, rows, panel, end, base] = f.locals("i32", 5);
  f.for(p, part.from, part.to, 1, () =>
    f.for(first, 0, k, blockRows, () => {
      rows.set(f.select(i32.gt(i32.sub(k, first), blockRows), i32.of(blockRows), i32.sub(k, first)));
      base.set(i32.add(w, i32.shl(first, 2)));
      panelSources(f, source, base, row, p, n);
      // The rows that packing writes too many would fall into the next panel, which another thread may have written: by way of scratch.
      panel.set(part.scratch);
      end.set(i32.add(panel, i32.mul(rows, panelRow)));
      packTransposed(f, source, panel, end);
      f.copy(
        i32.add(y, i32.mul(i32.add(i32.mul(first, panels), i32.mul(p, rows)), panelRow)),
        part.scratch,
        i32.mul(rows, panelRow),
      );
    }),
  );
});

/** Panels → a weight [n, k], the way back; a unit is a panel. */
const unpackWeight = kernel("unpackWeight", { x: "i32", y: "i32", n: "i32", k: "i32" }, (f, { x, y, n, k }, part) => {
  const panels = f.let(i32.shr(i32.add(n, 7), 3));
  const [p, first, rows, j, i, from, to] = f.locals("i32", 7);
  f.for(p, part.from, part.to, 1, () =>
    f.for(first, 0, k, blockRows, () => {
      rows.set(f.select(i32.gt(i32.sub(k, first), blockRows), i32.of(blockRows), i32.sub(k, first)));
      const count = f.let(
        f.select(i32.gt(i32.sub(n, i32.shl(p, 3)), panelColumns), i32.of(panelColumns), i32.sub(n, i32.shl(p, 3))),
      );
      f.for(j, 0, count, 1, () => {
        from.set(
          i32.add(i32.add(x, i32.mul(i32.add(i32.mul(first, panels), i32.mul(p, rows)), panelRow)), i32.shl(j, 2)),
        );
        to.set(i32.add(y, i32.shl(i32.add(i32.mul(i32.add(i32.shl(p, 3), j), k), first), 2)));
        f.for(i, 0, rows, 1, () => {
          f.store("i32", to, i32.load(from));
          from.set(i32.add(from, panelRow));
          to.set(i32.add(to, 4));
        });
      });
    }),
  );
});

/** Writes one row of a weight [n, k] that is packed, k numbers, to `to`; `panels` counts the panels of a block. */
export function copyPanelRow(
  f: KernelFunc,
  weight: Local<"i32">,
  panels: Local<"i32">,
  k: Local<"i32">,
  row: Local<"i32">,
  to: Local<"i32">,
): void {
  const [first, rows] = f.locals("i32", 2);
  const at = f.let(to);
  f.for(first, 0, k, blockRows, () => {
    rows.set(f.select(i32.gt(i32.sub(k, first), blockRows), i32.of(blockRows), i32.sub(k, first)));
    const start = i32.add(i32.mul(first, panels), i32.mul(i32.shr(row, 3), rows));
    const from = f.let(i32.add(i32.add(weight, i32.mul(start, panelRow)), i32.shl(i32.and(row, 7), 2)));
    const end = f.let(i32.add(at, i32.shl(rows, 2)));
    f.while(
      () => i32.lt(at, end),
      () => {
        f.store("i32", at, i32.load(from));
        from.set(i32.add(from, panelRow));
        at.set(i32.add(at, 4));
      },
    );
  });
}

export const panelKernels: readonly Kernel[] = [packWeight, unpackWeight];

export const panelsOf = (n: number): number => Math.ceil(n / panelColumns);
/** As many panels or one more, so that no two threads write into one cache line of a result, which holds two. */
export const wholeLines = (panels: number): number => 2 * Math.ceil(panels / 2);

/** Keeps a weight [n, k] in panels from now on, in place of its rows. */
export function packBlock(engine: Engine, block: Block, { n, k }: Panels): void {
  const { memory } = engine;
  const region = memory.allocate(panelsOf(n) * panelRow * k);
  engine.run(packWeight, { w: block.region.at, y: region.at, n, k }, panelsOf(n), Math.ceil(65_536 / (8 * k)));
  memory.release(block.region);
  block.region = region;
  block.panels = { n, k };
}

/** Writes the rows of a block that was packed to an address. */
export function unpackRows(engine: Engine, block: Block, to: number): void {
  const { n, k } = block.panels!;
  engine.run(unpackWeight, { x: block.region.at, y: to, n, k }, panelsOf(n), Math.ceil(65_536 / (8 * k)));
}
