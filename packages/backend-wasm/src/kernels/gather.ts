import { bytesPerElement, sizeOf, type KernelTable, type TensorType } from "@tenon/tensor";
import { i32 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { copyBytes, runsPerPiece } from "./copy.ts";
import { copyPanelRow, panelsOf } from "./panels.ts";

/**
 * Row ids[i] of a table whose rows have so many bytes, for each i; zeros for an id that is none, which must not reach beyond the memory.
 * A unit is a row.
 */
const gatherRows = kernel(
  "gatherRows",
  { y: "i32", table: "i32", ids: "i32", bytes: "i32", rows: "i32" },
  (f, { y, table, ids, bytes, rows }, part) => {
    const [i, id, source] = f.locals("i32", 3);
    const target = f.let(i32.add(y, i32.mul(part.from, bytes)));
    f.for(i, part.from, part.to, 1, () => {
      id.set(i32.load(element(ids, i, 2)));
      f.if(
        i32.lt(id, rows),
        () => {
          source.set(i32.add(table, i32.mul(id, bytes)));
          copyBytes(f, target, source, bytes);
        },
        () => f.fill(target, 0, bytes),
      );
      target.set(i32.add(target, bytes));
    });
  },
);

/** The same where a linear map has packed the table. */
const gatherPanels = kernel(
  "gatherPanels",
  { y: "i32", table: "i32", ids: "i32", panels: "i32", k: "i32", rows: "i32" },
  (f, { y, table, ids, panels, k, rows }, part) => {
    const [i, id, target] = f.locals("i32", 3);
    f.for(i, part.from, part.to, 1, () => {
      id.set(i32.load(element(ids, i, 2)));
      target.set(i32.add(y, i32.shl(i32.mul(i, k), 2)));
      f.if(
        i32.lt(id, rows),
        () => copyPanelRow(f, table, panels, k, id, target),
        () => f.fill(target, 0, i32.shl(k, 2)),
      );
    });
  },
);

export const gatherKernels: readonly Kernel[] = [gatherRows, gatherPanels];

/** Rows of a table. One that is the weight of a linear map, too, as tied embeddings are, stays packed: its rows are read from there. */
export const gatherTable = (engine: Engine): Pick<KernelTable<Block>, "gather"> => ({
  gather: ([table, ids], _, call) => {
    const y = call.allocate(call.output);
    const { dtype, shape } = call.inputs[0] as TensorType;
    const [rows, k] = shape as [number, number];
    const count = sizeOf((call.inputs[1] as TensorType).shape);
    const bytes = k * bytesPerElement(dtype);
    if (count * bytes === 0) return y;
    const places = { y: engine.at(y), ids: engine.at(ids), rows };
    if (table.panels?.k === k) {
      const panels = panelsOf(table.panels.n);
      engine.run(gatherPanels, { ...places, table: table.region.at, panels, k }, count, Math.ceil(16_384 / k));
    } else {
      // Not engine.at where the rows lie as they are: a linear map may still pack the table.
      const at = table.panels === undefined ? table.region.at : engine.at(table);
      engine.run(gatherRows, { ...places, table: at, bytes }, count, runsPerPiece(bytes));
    }
    return y;
  },
});

/** It takes 16-bit floats as they are stored. */
export const gatherHalves: readonly string[] = ["gather"];
