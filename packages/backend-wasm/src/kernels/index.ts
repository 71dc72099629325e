import type { KernelTable } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Kernel } from "../kernel.ts";
import { hostTable } from "./host.ts";
import { iotaKernels, iotaTable } from "./iota.ts";
import { linearTable } from "./linear.ts";
import { matmulTable } from "./matmul.ts";
import { multiplyKernels } from "./multiply.ts";
import { panelKernels } from "./panels.ts";
import { pointwiseKernels, pointwiseTable } from "./pointwise.ts";
import { vectorProductKernels } from "./vector-product.ts";

/** Every function of the module. */
export const allKernels: readonly Kernel[] = [
  ...iotaKernels,
  ...multiplyKernels,
  ...panelKernels,
  ...pointwiseKernels,
  ...vectorProductKernels,
];

/** The kernel of each op, on an engine. */
export const kernelTable = (engine: Engine): KernelTable<Block> => ({
  ...hostTable(engine),
  ...iotaTable(engine),
  ...matmulTable(engine),
  ...linearTable(engine),
  ...pointwiseTable(engine),
});

/** The ops whose kernels take 16-bit floats as they are stored. */
export const halves: readonly string[] = [
  "cast",
  "gather",
  "takeAlong",
  "expand",
  "permute",
  "slice",
  "pad",
  "concat",
  "writeSlice",
];
