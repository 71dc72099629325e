import type { KernelTable } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Kernel } from "../kernel.ts";
import { attentionKernels, attentionTable } from "./attention.ts";
import { binaryKernels, binaryTable } from "./binary.ts";
import { copyKernels } from "./copy.ts";
import { hostTable } from "./host.ts";
import { iotaKernels, iotaTable } from "./iota.ts";
import { linearTable } from "./linear.ts";
import { matmulTable } from "./matmul.ts";
import { multiplyKernels } from "./multiply.ts";
import { normKernels, normTable } from "./norm.ts";
import { panelKernels } from "./panels.ts";
import { permuteHalves, permuteKernels, permuteTable } from "./permute.ts";
import { pointwiseKernels, pointwiseTable } from "./pointwise.ts";
import { reduceKernels, reduceTable } from "./reduce.ts";
import { sliceHalves, sliceTable } from "./slice.ts";
import { softmaxKernels, softmaxTable } from "./softmax.ts";
import { vectorProductKernels } from "./vector-product.ts";

/** Every function of the module. */
export const allKernels: readonly Kernel[] = [
  ...iotaKernels,
  ...multiplyKernels,
  ...panelKernels,
  ...pointwiseKernels,
  ...binaryKernels,
  ...copyKernels,
  ...permuteKernels,
  ...softmaxKernels,
  ...attentionKernels,
  ...normKernels,
  ...reduceKernels,
  ...vectorProductKernels,
];

/** The kernel of each op, on an engine. */
export function kernelTable(engine: Engine): KernelTable<Block> {
  const host = hostTable(engine);
  return {
    ...host,
    ...iotaTable(engine),
    ...matmulTable(engine),
    ...linearTable(engine),
    ...pointwiseTable(engine),
    ...binaryTable(engine, host),
    ...sliceTable(engine),
    ...permuteTable(engine),
    ...softmaxTable(engine),
    ...attentionTable(engine),
    ...normTable(engine),
    ...reduceTable(engine),
  };
}

/** The ops whose kernels take 16-bit floats as they are stored. */
export const halves: readonly string[] = ["cast", "gather", "takeAlong", "expand", ...permuteHalves, ...sliceHalves];
