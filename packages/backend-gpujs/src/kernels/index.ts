import type { KernelTable } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { adamwTable } from "./adamw.ts";
import { attentionTable } from "./attention.ts";
import { castTable } from "./cast.ts";
import { elementwiseTable } from "./elementwise.ts";
import { indexingHalves, indexingTable } from "./indexing.ts";
import { layoutHalves, layoutTable } from "./layout.ts";
import { normTable } from "./norm.ts";
import { productHalves, productTable } from "./products.ts";
import { reduceTable } from "./reduce.ts";
import { ropeTable } from "./rope.ts";
import { softmaxTable } from "./softmax.ts";
import { topKTable } from "./top-k.ts";
import { uniformTable } from "./uniform.ts";

/** The kernel of each op, on an engine. */
export function kernelTable(engine: Engine): KernelTable<Block> {
  const together =
    (run: AnyRun): AnyRun =>
    (...call) =>
      engine.together(() => run(...call));
  const table = Object.entries(kernels(engine)).map(([op, kernel]) => [
    op,
    typeof kernel === "function" ? together(kernel as AnyRun) : { ...kernel, run: together(kernel.run as AnyRun) },
  ]);
  return Object.fromEntries(table) as KernelTable<Block>;
}
type AnyRun = (...call: readonly unknown[]) => unknown;

const kernels = (engine: Engine): KernelTable<Block> => ({
  ...adamwTable(engine),
  ...attentionTable(engine),
  ...castTable(engine),
  ...elementwiseTable(engine),
  ...indexingTable(engine),
  ...layoutTable(engine),
  ...normTable(engine),
  ...productTable(engine),
  ...reduceTable(engine),
  ...ropeTable(engine),
  ...softmaxTable(engine),
  ...topKTable(engine),
  ...uniformTable(engine),
});

/** The ops whose kernels take 16-bit floats as they are stored, which is as f32. */
export const halves: readonly string[] = ["cast", ...indexingHalves, ...layoutHalves, ...productHalves];
