import { sizeOf, type KernelTable, type Shape, type TensorType } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { runMultiply } from "./multiply.ts";

/** Products of matrices, in every combination of transposes. */
export const matmulTable = (engine: Engine): Pick<KernelTable<Block>, "matmul"> => ({
  matmul: ([a, b], { transposeA, transposeB }, call) => {
    const c = call.allocate(call.output);
    const [left, right] = call.inputs as [TensorType, TensorType];
    const [m, n] = call.output.shape.slice(-2) as [number, number];
    const k = left.shape.at(transposeA ? -2 : -1)!;
    const batch = sizeOf(call.output.shape.slice(0, -2));
    if (k === 0) engine.memory.f32.fill(0, engine.at(c) / 4, engine.at(c) / 4 + sizeOf(call.output.shape));
    else if (sizeOf(call.output.shape) > 0)
      runMultiply(engine, {
        a: engine.at(a),
        b: engine.at(b),
        c: engine.at(c),
        bias: 0,
        batch,
        m,
        n,
        k,
        aRow: rowBytes(left.shape),
        bRow: rowBytes(right.shape),
        cRow: 4 * n,
        aBatch: 4 * m * k,
        bBatch: 4 * n * k,
        cBatch: 4 * m * n,
        bOrder: transposeB ? "transposed" : "rows",
        transposeA,
        activation: undefined,
      });
    return c;
  },
});

const rowBytes = (shape: Shape): number => 4 * shape.at(-1)!;
