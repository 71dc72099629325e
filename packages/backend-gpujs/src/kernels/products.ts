import { sizeOf } from "@tenon/tensor";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { activations, type Activation } from "./activations.ts";
import { multiply } from "./product.ts";
import { rounded, roundedTo } from "./functions.ts";
import { elementsAt, shapeAt, type BlockCall, type Result, type Kernels } from "./call.ts";

/** The ops whose kernels take 16-bit floats as they are. */
export const productHalves: readonly string[] = ["linear", "linearActivation"];

/** Products of matrices. */
export function productTable(
  engine: Engine,
): Kernels<"matmul" | "linear" | "linearActivation" | "quantizedLinear" | "quantizedEmbedding" | "dequantize"> {
  const linear = (
    name: string,
    [x, weight, bias]: readonly [Block, Block, Block | undefined, ...unknown[]],
    call: BlockCall,
    activation?: Activation,
  ): Result => {
    const [n, k] = shapeAt(call, 1) as [number, number];
    const m = n === 0 ? 0 : sizeOf(call.output.shape) / n;
    // 16-bit floats lie as f32 on the device: the result is rounded once, at the end.
    const { dtype } = call.output;
    const half = dtype === "f16" || dtype === "bf16";
    const result = activation?.expression ?? "a";
    return multiply(engine, {
      name,
      batch: 1,
      m,
      n,
      k,
      left: (row) => `x[${row}][K]`,
      right: (column) => `weight[${column}][K]`,
      weight,
      arrays: { x: [x, [m, k]], weight: [weight, [n, k]] },
      finish: {
        arrays: bias === undefined ? {} : { bias: [bias, [n]] },
        functions: [...(activation?.functions ?? []), ...(half ? [rounded] : [])],
        body: `const a = ${bias === undefined ? "s" : "s + bias[X]"};
return ${half ? roundedTo[dtype](result) : result};`,
      },
    });
  };
  return {
    matmul: ([a, b], { transposeA, transposeB }, call) => {
      const { shape } = call.output;
      const [m, n] = shape.slice(-2) as [number, number];
      const batch = sizeOf(shape.slice(0, -2));
      const k = shapeAt(call, 0).at(transposeA ? -2 : -1)!;
      return multiply(engine, {
        name: "matmul",
        batch,
        m,
        n,
        k,
        left: transposeA ? (row) => `a[Z][K][${row}]` : (row) => `a[Z][${row}][K]`,
        right: transposeB ? (column) => `b[Z][${column}][K]` : (column) => `b[Z][K][${column}]`,
        weight: b,
        arrays: {
          a: [a, transposeA ? [batch, k, m] : [batch, m, k]],
          b: [b, transposeB ? [batch, n, k] : [batch, k, n]],
        },
      });
    },
    linear: (inputs, _, call) => linear("linear", inputs, call),
    linearActivation: (inputs, { activation }, call) =>
      linear(`linear_${activation}`, inputs, call, activations[activation]),
    quantizedLinear: ([x, levels, scales, bias], _, call) => {
      const [n, k] = shapeAt(call, 1) as [number, number];
      const groups = shapeAt(call, 2)[1]!;
      const size = groups === 0 ? 0 : k / groups;
      const m = n === 0 ? 0 : sizeOf(call.output.shape) / n;
      return engine.run({
        name: "quantizedLinear",
        out: [m, n],
        arrays: {
          x: [x, [m, k]],
          levels: [levels, [n, k]],
          scales: [scales, [n, groups]],
          ...(bias && { bias: [bias, [n]] }),
        },
        body: `let s = 0;
for (let g = 0; g < ${groups}; g++) {
  let part = 0;
  for (let j = 0; j < ${size}; j++) { const k = g * ${size} + j; part += x[Y][k] * levels[X][k]; }
  s += part * scales[X][g];
}
return ${bias === undefined ? "s" : "s + bias[X]"};`,
        work: m * n * k,
      });
    },
    quantizedEmbedding: ([levels, scales, ids], _, call) => {
      const [rows, d] = shapeAt(call, 0) as [number, number];
      const groups = shapeAt(call, 1)[1]!;
      const size = d / groups;
      return engine.run({
        name: "quantizedEmbedding",
        out: [elementsAt(call, 2), d],
        arrays: {
          levels: [levels, [rows, d]],
          scales: [scales, [rows, groups]],
          ids: [ids, [elementsAt(call, 2)]],
        },
        body: `const row = ids[Y];
const g = Math.floor((X + 0.5) / ${size});
return levels[row][X] * scales[row][g];`,
      });
    },
    dequantize: ([levels, scales], _, call) => {
      const groups = shapeAt(call, 1).at(-1)!;
      const d = call.output.shape.at(-1)!;
      const rows = sizeOf(call.output.shape.slice(0, -1));
      const size = d / groups;
      return engine.run({
        name: "dequantize",
        out: sizeOf(call.output.shape) === 0 ? [0] : [rows, groups, size],
        arrays: { levels: [levels, [rows, groups, size]], scales: [scales, [rows, groups]] },
        body: "return levels[Z][Y][X] * scales[Z][Y];",
      });
    },
  };
}
