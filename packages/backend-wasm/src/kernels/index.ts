import type { KernelTable } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Kernel } from "../kernel.ts";
import { attentionGradientKernels, attentionGradientTable } from "./attention-gradient.ts";
import { attentionKernels, attentionTable } from "./attention.ts";
import { binaryKernels, binaryTable } from "./binary.ts";
import { castKernels, castTable } from "./cast.ts";
import { copyKernels } from "./copy.ts";
import { crossEntropyKernels, crossEntropyTable } from "./cross-entropy.ts";
import { cumulativeSumKernels, cumulativeSumTable } from "./cumulative-sum.ts";
import { dequantizeKernels, dequantizeTable } from "./dequantize.ts";
import { expandHalves, expandKernels, expandTable } from "./expand.ts";
import { gatherHalves, gatherKernels, gatherTable } from "./gather.ts";
import { iotaKernels, iotaTable } from "./iota.ts";
import { levelsProductKernels } from "./levels-product.ts";
import { linearHalvesKernels } from "./linear-halves.ts";
import { linearHalves, linearTable } from "./linear.ts";
import { maskedSoftmaxKernels, maskedSoftmaxTable } from "./masked-softmax.ts";
import { matmulTable } from "./matmul.ts";
import { multiplyKernels } from "./multiply.ts";
import { normKernels, normTable } from "./norm.ts";
import { panelKernels } from "./panels.ts";
import { permuteHalves, permuteKernels, permuteTable } from "./permute.ts";
import { pointwiseKernels, pointwiseTable } from "./pointwise.ts";
import { packLevelsKernels } from "./pack-levels.ts";
import { dotProductKernels } from "./dot-product.ts";
import { multiplyLevelsKernels } from "./multiply-levels.ts";
import { quantizedLinearTable, type Activations } from "./quantized-linear.ts";
import { reduceKernels, reduceTable } from "./reduce.ts";
import { ropeKernels, ropeTable } from "./rope.ts";
import { scatterKernels, scatterTable } from "./scatter.ts";
import { roundRowsKernels } from "./round-rows.ts";
import { sineKernels, sineTable } from "./sine.ts";
import { sliceHalves, sliceTable } from "./slice.ts";
import { softmaxKernels, softmaxTable } from "./softmax.ts";
import { takeAlongHalves, takeAlongKernels, takeAlongTable } from "./take-along.ts";
import { topKKernels, topKTable } from "./top-k.ts";
import { uniformKernels, uniformTable } from "./uniform.ts";
import { updateKernels, updateTable } from "./updates.ts";
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
  ...attentionGradientKernels,
  ...normKernels,
  ...reduceKernels,
  ...vectorProductKernels,
  ...linearHalvesKernels,
  ...gatherKernels,
  ...scatterKernels,
  ...takeAlongKernels,
  ...expandKernels,
  ...castKernels,
  ...crossEntropyKernels,
  ...updateKernels,
  ...uniformKernels,
  ...topKKernels,
  ...cumulativeSumKernels,
  ...sineKernels,
  ...maskedSoftmaxKernels,
  ...ropeKernels,
  ...dequantizeKernels,
  ...levelsProductKernels,
  ...packLevelsKernels,
  ...roundRowsKernels,
  ...multiplyLevelsKernels,
  ...dotProductKernels,
];

/** The kernel of each op, on an engine. */
export function kernelTable(engine: Engine, activations?: Activations): KernelTable<Block> {
  return {
    ...iotaTable(engine),
    ...matmulTable(engine),
    ...linearTable(engine),
    ...dequantizeTable(engine),
    ...quantizedLinearTable(engine, activations),
    ...pointwiseTable(engine),
    ...binaryTable(engine),
    ...sliceTable(engine),
    ...permuteTable(engine),
    ...softmaxTable(engine),
    ...attentionTable(engine),
    ...attentionGradientTable(engine),
    ...normTable(engine),
    ...reduceTable(engine),
    ...gatherTable(engine),
    ...scatterTable(engine),
    ...takeAlongTable(engine),
    ...expandTable(engine),
    ...castTable(engine),
    ...crossEntropyTable(engine),
    ...updateTable(engine),
    ...uniformTable(engine),
    ...topKTable(engine),
    ...cumulativeSumTable(engine),
    ...sineTable(engine),
    ...maskedSoftmaxTable(engine),
    ...ropeTable(engine),
  };
}

/** The ops whose kernels take 16-bit floats as they are stored. */
export const halves: readonly string[] = [
  "cast",
  ...linearHalves,
  ...gatherHalves,
  ...takeAlongHalves,
  ...expandHalves,
  ...permuteHalves,
  ...sliceHalves,
];
