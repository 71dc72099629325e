import { storedBytes, type Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Region } from "../memory/allocator.ts";
import { unpackLevelRows } from "./pack-levels.ts";
import { unpackRows } from "./panels.ts";

/** Whether a block's elements lie in the order of some kernel, and not row by row. */
export const isPacked = ({ panels, levels }: Block): boolean => panels !== undefined || levels !== undefined;

/** A new region with the rows of a block that is packed, which stays as it is. The caller releases it. */
export function unpacked(engine: Engine, block: Block): Region {
  const { panels, levels } = block;
  const packed = panels === undefined ? levels! : { dtype: "f32" as const, ...panels };
  const region = engine.memory.allocate(storedBytes({ dtype: packed.dtype, shape: [packed.n, packed.k] }));
  if (panels === undefined) unpackLevelRows(engine, block, 0, packed.n, region.at);
  else unpackRows(engine, block, region.at);
  return region;
}
