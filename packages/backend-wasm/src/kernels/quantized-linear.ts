import { sizeOf, type Call, type KernelTable } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { dotForm, mostInGroup } from "./dot-levels.ts";
import { runDotProduct } from "./dot-product.ts";
import { expandRows, tableOf } from "./dequantize.ts";
import { runLevelsProduct, takesGroup } from "./levels-product.ts";
import { fitsScratch, runMultiplyLevels } from "./multiply-levels.ts";
import { packLevelsBlock } from "./pack-levels.ts";
import { runRoundRows } from "./round-rows.ts";
import { multiplyInStretches } from "./stretches.ts";

/** How activations meet a quantised weight: as the floats that they are, or rounded to about 8 bits on the way. */
export type Activations = "f32" | "8-bit";

/** From this many rows of x on, levels are written out as floats, so that each is converted once. */
const many = 4;

/**
 * A linear map whose weight stays in levels. Its activations are floats, or, where the backend was asked for it, rounded to 8 bits: then
 * a weight that stays is packed once, in place of its rows.
 */
export const quantizedLinearTable = (
  engine: Engine,
  activations: Activations = "f32",
): Pick<KernelTable<Block>, "quantizedLinear"> => ({
  quantizedLinear: ([x, levels, scales, bias], _, call) => {
    const y = call.allocate(call.output);
    const table = tableOf(call, 1);
    const { dtype, rows: n, n: k, groups } = table;
    const m = sizeOf(call.output.shape.slice(0, -1));
    if (m * n === 0) return y;
    const to = { x: engine.at(x), y: engine.at(y), bias: bias === undefined ? 0 : engine.at(bias) };
    const weight = { dtype, scales: engine.at(scales), n, k, groups };
    if (activations === "8-bit" && levels.lasting && !levels.needsRows && dotTakes(k, groups)) {
      if (levels.levels === undefined) packLevelsBlock(engine, levels, { dtype, n, k, groups });
      rounded(engine, { ...weight, levels: levels.region.at }, to, m, call);
      return y;
    }
    const at = engine.at(levels);
    if (m < many && k > 0 && takesGroup(k / groups)) {
      // In order, for each row ends with numbers that belong to the next.
      for (let i = 0; i < m; i++)
        runLevelsProduct(engine, { ...weight, levels: at, ...to, x: to.x + 4 * i * k, y: to.y + 4 * i * n });
    } else {
      multiplyInStretches(engine, { ...to, m, n, k }, call, (first, rows, floats) =>
        expandRows(engine, {
          ...weight,
          levels: at + (first * k) / (dtype === "q4" ? 2 : 1),
          scales: weight.scales + 4 * first * groups,
          levelIds: 0,
          scaleIds: 0,
          y: floats,
          rows,
          n: k,
        }),
      );
    }
    return y;
  },
});

/** Whether the kernels for whole numbers take a weight. */
const dotTakes = (k: number, groups: number): boolean =>
  k > 0 && takesGroup(k / groups) && k / groups <= mostInGroup && fitsScratch(k, groups);

/** Both as whole numbers: the activations are rounded first, in the groups of the weight. */
function rounded(engine: Engine, weight: Weight, { x, y, bias }: Places, m: number, call: Call<Block>): void {
  const { dtype, k, groups } = weight;
  const unit = dtype === "q4" ? 1 / 16 : 1; // packed levels of 4 bits are multiplied as 16 times what they are
  if (m === 1) {
    runDotProduct(engine, { ...weight, x, unit, c: y, bias });
    return;
  }
  const { bytes } = dotForm(engine);
  const a = engine.at(call.allocate({ dtype: "u8", shape: [m * k * bytes] }));
  const aScales = engine.at(call.allocate({ dtype: "f32", shape: [m, groups] }));
  runRoundRows(engine, { x, y: a, scales: aScales, m, k, groups, unit });
  runMultiplyLevels(engine, { ...weight, a, aScales, c: y, bias, m });
}

interface Places {
  readonly x: number;
  readonly y: number;
  readonly bias: number;
}

interface Weight {
  readonly dtype: "q8" | "q4";
  readonly levels: number;
  readonly scales: number;
  readonly n: number;
  readonly k: number;
  readonly groups: number;
}
