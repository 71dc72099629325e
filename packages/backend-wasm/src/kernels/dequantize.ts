import { sizeOf, type Call, type KernelTable, type TensorType } from "@tenon/tensor";
import { f32, f32x4, i32 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { element, kernel, type Kernel } from "../kernel.ts";
import { unpackLevelRows } from "./pack-levels.ts";
import { levelsAtOnce, loadLevels, oneLevel, type Bits } from "./levels.ts";

/**
 * y [row, i] = level · scale of its group, for the rows that the ids list, or for all in order where they are 0. A unit is a row of y. Levels
 * are counted in the whole table, for a row of 4 bits may begin within a byte.
 */
const expandLevels = (bits: Bits): Kernel<typeof fields> =>
  kernel(`expandLevels${bits}`, fields, (f, { levels, scales, levelIds, scaleIds, y, n, groups }, part) => {
    const [row, from, index, end, whole, to, i, id, scaleAt] = f.locals("i32", 9);
    const group = f.let(i32.div(n, groups));
    f.for(row, part.from, part.to, 1, () => {
      id.set(row);
      f.if(levelIds, () => id.set(i32.load(element(levelIds, row, 2))));
      from.set(i32.mul(id, n));
      to.set(element(y, i32.mul(row, n), 2));
      id.set(row);
      f.if(scaleIds, () => id.set(i32.load(element(scaleIds, row, 2))));
      scaleAt.set(element(scales, i32.mul(id, groups), 2));
      index.set(from);
      f.for(i, 0, groups, 1, () => {
        const scale = f.let(f32.load(scaleAt));
        const four = f.let(f32x4.splat(scale));
        end.set(i32.add(index, group));
        whole.set(i32.add(index, i32.and(group, -levelsAtOnce)));
        // Where a group of 4 bits begins within a byte its levels are taken one by one.
        if (bits === 4) f.if(i32.and(index, 1), () => whole.set(index));
        f.while(
          () => i32.lt(index, whole),
          () => {
            const at = bits === 8 ? i32.add(levels, index) : i32.add(levels, i32.shr(index, 1));
            loadLevels(f, at, bits).forEach((x, v) => f.store("v128", to, f32x4.mul(x, four), 16 * v));
            to.set(i32.add(to, 4 * levelsAtOnce));
            index.set(i32.add(index, levelsAtOnce));
          },
        );
        f.while(
          () => i32.lt(index, end),
          () => {
            f.store("f32", to, f32.mul(oneLevel(f, levels, index, bits), scale));
            to.set(i32.add(to, 4));
            index.set(i32.add(index, 1));
          },
        );
        scaleAt.set(i32.add(scaleAt, 4));
      });
    });
  });
const fields = {
  levels: "i32",
  scales: "i32",
  levelIds: "i32",
  scaleIds: "i32",
  y: "i32",
  n: "i32",
  groups: "i32",
} as const;
const kernels = { q8: expandLevels(8), q4: expandLevels(4) };

export const dequantizeKernels: readonly Kernel[] = [kernels.q8, kernels.q4];

/** Some rows of a quantised weight, and where to write them out as floats; addresses. */
export interface Expansion {
  readonly dtype: "q8" | "q4";
  readonly levels: number;
  readonly scales: number;
  /** Which rows of each; 0 for all, in order. */
  readonly levelIds: number;
  readonly scaleIds: number;
  readonly y: number;
  readonly rows: number;
  readonly n: number;
  readonly groups: number;
}

export function expandRows(engine: Engine, { dtype, rows, ...values }: Expansion): void {
  if (values.n > 0) engine.run(kernels[dtype], values, rows, Math.ceil(60_000 / values.n));
}

/** A quantised weight [rows, n], as the types of input `i`, its levels, and of the next, its scales, tell. */
export interface LevelsTable {
  readonly dtype: "q8" | "q4";
  readonly rows: number;
  readonly n: number;
  /** Scales in a row. */
  readonly groups: number;
}

export function tableOf(call: Call<Block>, i: number): LevelsTable {
  const { dtype, shape } = call.inputs[i] as TensorType;
  const scales = call.inputs[i + 1] as TensorType;
  return {
    dtype: dtype as "q8" | "q4",
    rows: sizeOf(shape.slice(0, -1)),
    n: shape.at(-1)!,
    groups: scales.shape.at(-1)!,
  };
}

export const dequantizeTable = (engine: Engine): Pick<KernelTable<Block>, "dequantize" | "quantizedEmbedding"> => ({
  dequantize: ([levels, scales], _, call) => {
    const y = call.allocate(call.output);
    const at = { levels: engine.at(levels), scales: engine.at(scales), levelIds: 0, scaleIds: 0, y: engine.at(y) };
    expandRows(engine, { ...at, ...tableOf(call, 0) });
    return y;
  },
  quantizedEmbedding: ([levels, scales, ids], _, call) => {
    const y = call.allocate(call.output);
    const table = { ...tableOf(call, 0), rows: sizeOf((call.inputs[2] as TensorType).shape) };
    const scaleIds = engine.at(ids);
    const at = { scales: engine.at(scales), scaleIds, y: engine.at(y) };
    if (levels.levels === undefined) {
      // As it lies, not by engine.at: reading rows here is no reason not to pack it.
      expandRows(engine, { ...table, ...at, levels: levels.region.at, levelIds: scaleIds });
    } else {
      // A table that is an output's weight, too, stays packed: its rows are copied out.
      const rows = engine.at(call.allocate({ dtype: table.dtype, shape: [table.rows, table.n] }));
      unpackLevelRows(engine, levels, scaleIds, table.rows, rows);
      expandRows(engine, { ...table, ...at, levels: rows, levelIds: 0 });
    }
    return y;
  },
});
