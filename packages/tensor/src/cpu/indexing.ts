import type { KernelTable } from "../kernel.ts";
import { threefry, unit } from "../random.ts";
import { shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

/** Descending, NaN first, of equals the earlier first. */
function precedes(row: Data, i: number, j: number): number {
  const a = row[i]!;
  const b = row[j]!;
  if (a === b) return i - j;
  if (a !== a || b !== b) return a === b || (a !== a && b !== b) ? i - j : a !== a ? -1 : 1;
  return b - a;
}

/** Up to this k, most elements of a row are compared with the k-th alone; beyond it, the row is sorted. */
const fewest = 64;

/** Where the k first of a row stand, in order. */
function firstOf(row: Data, k: number): Int32Array {
  if (k > fewest) return Int32Array.from(row, (_, i) => i).sort((i, j) => precedes(row, i, j));
  const first = new Int32Array(k);
  let found = 0;
  for (let i = 0; i < row.length; i++) {
    if (found === k && precedes(row, first[k - 1]!, i) < 0) continue;
    let at = found < k ? found++ : k - 1;
    for (; at > 0 && precedes(row, i, first[at - 1]!) < 0; at--) first[at] = first[at - 1]!;
    first[at] = i;
  }
  return first;
}

/** Kernels that find elements by index, and those that make elements from an index. */
export const indexingKernels: Pick<
  KernelTable<Data>,
  "gather" | "scatterAdd" | "takeAlong" | "scatterAlong" | "topK" | "iota" | "uniform"
> = {
  gather: ([table, ids], _, call) => {
    const y = call.allocate(call.output);
    const d = shapeAt(call, 0)[1]!;
    if (d === 1) for (let i = 0; i < ids.length; i++) y[i] = table[ids[i]!]!;
    else for (let i = 0; i < ids.length; i++) y.set(table.subarray(ids[i]! * d, (ids[i]! + 1) * d), i * d);
    return y;
  },
  scatterAdd: ([ids, updates], _, call) => {
    const y = call.allocate(call.output);
    const d = call.output.shape[1]!;
    for (let i = 0; i < ids.length; i++) {
      const row = ids[i]! * d;
      for (let c = 0; c < d; c++) y[row + c]! += updates[i * d + c]!;
    }
    return y;
  },
  takeAlong: ([x, index], _, call) => {
    const y = call.allocate(call.output);
    const m = call.output.shape.at(-1)!;
    const n = shapeAt(call, 0).at(-1)!;
    for (let i = 0; i < y.length; i++) y[i] = x[Math.floor(i / m) * n + index[i]!]!;
    return y;
  },
  scatterAlong: ([index, updates], { size }, call) => {
    const y = call.allocate(call.output);
    const m = shapeAt(call, 1).at(-1)!;
    for (let i = 0; i < updates.length; i++) y[Math.floor(i / m) * size + index[i]!]! += updates[i]!;
    return y;
  },
  topK: ([x], { k }, call) => {
    const values = call.allocate(call.outputs[0]!);
    const indices = call.allocate(call.outputs[1]!);
    const n = shapeAt(call, 0).at(-1)!;
    for (let r = 0; r < x.length / n; r++) {
      const row = x.subarray(r * n, (r + 1) * n);
      const order = firstOf(row, k);
      for (let i = 0; i < k; i++) {
        indices[r * k + i] = order[i]!;
        values[r * k + i] = row[order[i]!]!;
      }
    }
    return [values, indices];
  },
  iota: (_, { start }, call) => {
    const y = call.allocate(call.output);
    for (let i = 0; i < y.length; i++) y[i] = start + i;
    return y;
  },
  uniform: (_, { key, counter }, call) => {
    const y = call.allocate(call.output);
    const words = new Uint32Array(2);
    for (let i = 0; i < y.length; i++) {
      if (i % 2 === 0) threefry(key, i / 2, counter, words);
      y[i] = unit(words[i % 2]!);
    }
    return y;
  },
};
