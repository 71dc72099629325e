import type { Call, KernelTable } from "../kernel.ts";
import type { TensorType } from "../shape.ts";
import { rowProducts } from "./matmul.ts";
import { shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

/** Row `row` of levels, n to a row: where it starts in an array with one level to an element. q4 is unpacked into `room`. */
type Rows = (row: number) => { readonly levels: Data; readonly at: number };

function rowsOf(levels: Data, call: Call<Data>, input: number, n: number): Rows {
  if ((call.inputs[input] as TensorType).dtype === "q8") return (row) => ({ levels, at: row * n });
  const room = new Int8Array(n);
  return (row) => {
    const start = (row * n) / 2; // rows are even
    for (let i = 0; i < n / 2; i++) {
      const byte = levels[start + i]!;
      room[2 * i] = (byte & 15) - 8;
      room[2 * i + 1] = (byte >> 4) - 8;
    }
    return { levels: room, at: 0 };
  };
}

/** Row `row` of the weight, written to y from element `to` on. */
function expandRow(y: Data, to: number, rows: Rows, row: number, n: number, scales: Data, groups: number): void {
  const { levels, at } = rows(row);
  const group = n / groups;
  for (let g = 0; g < groups; g++) {
    const scale = scales[row * groups + g]!;
    const start = g * group;
    for (let i = start; i < start + group; i++) y[to + i] = levels[at + i]! * scale;
  }
}

/** The kernel that writes a quantised weight out. */
export const dequantizeKernels: Pick<KernelTable<Data>, "dequantize"> = {
  dequantize: ([levels, scales], _, call) => {
    const y = call.allocate(call.output);
    const n = call.output.shape.at(-1)!;
    const groups = shapeAt(call, 1).at(-1)!;
    const rows = rowsOf(levels, call, 0, n);
    for (let row = 0; row * n < y.length; row++) expandRow(y, row * n, rows, row, n, scales, groups);
    return y;
  },
};

/** Kernels that never write the whole weight out. */
export const quantizedKernels: Pick<KernelTable<Data>, "quantizedLinear" | "quantizedEmbedding"> = {
  quantizedLinear: ([x, levels, scales, bias], _, call) => {
    const y = call.allocate(call.output);
    const [n, k] = shapeAt(call, 1) as [number, number];
    const groups = shapeAt(call, 2)[1]!;
    const m = y.length / n;
    const rows = rowsOf(levels, call, 1, k);
    if (m < 4) {
      for (let j = 0; j < n; j++) {
        const { levels: row, at } = rows(j);
        for (let i = 0; i < m; i++) y[i * n + j] = groupSums(x, i * k, row, at, k, scales, j * groups, groups);
      }
    } else {
      // Sixteen rows of the weight at a time: each is expanded once for all rows of x, and multiplied as floats are.
      const tile = call.allocate({ dtype: "f32", shape: [16, k] });
      const products = call.allocate({ dtype: "f32", shape: [m, 16] });
      for (let from = 0; from < n; from += 16) {
        const height = Math.min(16, n - from);
        for (let j = 0; j < height; j++) expandRow(tile, j * k, rows, from + j, k, scales, groups);
        rowProducts(x, tile, products, 0, m, height, k);
        for (let i = 0; i < m; i++) for (let j = 0; j < height; j++) y[i * n + from + j] = products[i * height + j]!;
      }
    }
    if (bias !== undefined) for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) y[i * n + j]! += bias[j]!;
    return y;
  },
  quantizedEmbedding: ([levels, scales, ids], _, call) => {
    const y = call.allocate(call.output);
    const [, d] = shapeAt(call, 0) as [number, number];
    const groups = shapeAt(call, 1)[1]!;
    const rows = rowsOf(levels, call, 0, d);
    for (let i = 0; i < ids.length; i++) expandRow(y, i * d, rows, ids[i]!, d, scales, groups);
    return y;
  },
};

/** Σ over groups of scale · Σ x · level: one product with the scale for each group instead of one for each element. */
function groupSums(
  x: Data,
  xo: number,
  levels: Data,
  lo: number,
  k: number,
  scales: Data,
  so: number,
  groups: number,
): number {
  const group = k / groups;
  let total = 0;
  for (let g = 0, p = 0; g < groups; g++) {
    let even = 0;
    let odd = 0;
    const end = p + group;
    for (; p + 2 <= end; p += 2) {
      even += x[xo + p]! * levels[lo + p]!;
      odd += x[xo + p + 1]! * levels[lo + p + 1]!;
    }
    if (p < end) even += x[xo + p]! * levels[lo + p++]!;
    total += (even + odd) * scales[so + g]!;
  }
  return total;
}
