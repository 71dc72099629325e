import { isHalf, sizeOf, type Call, type KernelTable, type TensorType } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { Activation } from "./epilogue.ts";
import { runMultiply } from "./multiply.ts";
import { linearOfHalves } from "./linear-halves.ts";
import { packBlock } from "./panels.ts";
import { multiplyInStretches } from "./stretches.ts";
import { runVectorProduct } from "./vector-product.ts";

/** A linear map, its bias and an activation in one pass. A weight that stays is packed once, in place of its rows. */
export const linearTable = (engine: Engine): Pick<KernelTable<Block>, "linear" | "linearActivation"> => ({
  linear: ([x, weight, bias], _, call) => linear(engine, x, weight, bias, call, undefined),
  linearActivation: ([x, weight, bias], { activation }, call) => linear(engine, x, weight, bias, call, activation),
});

function linear(
  engine: Engine,
  x: Block,
  weight: Block,
  bias: Block | undefined,
  call: Call<Block>,
  activation: Activation | undefined,
): Block {
  if (isHalf((call.inputs[1] as TensorType).dtype)) return linearOfHalves(engine, [x, weight, bias], call, activation);
  const y = call.allocate(call.output);
  const [n, k] = (call.inputs[1] as TensorType).shape as [number, number];
  const m = sizeOf(call.output.shape.slice(0, -1));
  if (m * n === 0) return y;
  if (weight.lasting && !weight.needsRows && k > 0 && weight.panels === undefined) packBlock(engine, weight, { n, k });
  const packed = weight.panels !== undefined && weight.panels.n === n && weight.panels.k === k;
  const w = packed ? weight.region.at : engine.at(weight);
  const common = { y: engine.at(y), bias: bias === undefined ? 0 : engine.at(bias), n, k, activation };
  if (k === 0) {
    multiplyInStretches(engine, { ...common, x: 0, m }, call, () => undefined);
    return y;
  }
  if (m === 1) {
    runVectorProduct(engine, { ...common, x: engine.at(x), w, order: packed ? "panels" : "rows" });
    return y;
  }
  runMultiply(engine, {
    a: engine.at(x),
    b: w,
    c: common.y,
    bias: common.bias,
    batch: 1,
    m,
    n,
    k,
    aRow: 4 * k,
    bRow: 4 * k,
    cRow: 4 * n,
    aBatch: 0,
    bBatch: 0,
    cBatch: 0,
    bOrder: packed ? "panels" : "transposed",
    transposeA: false,
    activation,
  });
  return y;
}

/** The ops whose kernels take 16-bit floats as they are stored. */
export const linearHalves: readonly string[] = ["linear", "linearActivation"];
