import type { Call, KernelTable } from "../kernel.ts";
import { around, shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

interface Fold {
  readonly start: number;
  readonly f: (running: number, x: number) => number;
}

/** Folds one axis. The running value of floats is a double, whatever the storage. */
const reduction =
  (floats: Fold, whole: Fold) =>
  ([x]: readonly [Data], { axis }: { axis: number }, call: Call<Data>): Data => {
    const y = call.allocate(call.output);
    const { outer, n, inner } = around(shapeAt(call, 0), axis);
    const { start, f } = call.output.dtype === "i32" ? whole : floats;
    if (inner === 1) {
      for (let o = 0; o < outer; o++) {
        let running = start;
        for (let i = o * n; i < (o + 1) * n; i++) running = f(running, x[i]!);
        y[o] = running;
      }
      return y;
    }
    const row = new Float64Array(inner); // whole rows at a time: memory is read in order
    for (let o = 0; o < outer; o++) {
      row.fill(start);
      for (let k = 0; k < n; k++) {
        const at = (o * n + k) * inner;
        for (let i = 0; i < inner; i++) row[i] = f(row[i]!, x[at + i]!);
      }
      y.set(row, o * inner);
    }
    return y;
  };

const larger = (running: number, x: number): number => (x > running || x !== x ? x : running);

/** Kernels that fold an axis. */
export const reduceKernels: Pick<KernelTable<Data>, "sum" | "max" | "cumulativeSum"> = {
  sum: reduction(
    { start: 0, f: (running, x) => running + x },
    { start: 0, f: (running, x) => (running + x) | 0 }, // a sum of many doubles would lose low bits
  ),
  max: reduction({ start: -Infinity, f: larger }, { start: -(2 ** 31), f: larger }),
  cumulativeSum: ([x], { axis, reverse }, call) => {
    const y = call.allocate(call.output);
    const { outer, n, inner } = around(shapeAt(call, 0), axis);
    const row = call.output.dtype === "i32" ? new Int32Array(inner) : new Float64Array(inner);
    for (let o = 0; o < outer; o++) {
      row.fill(0);
      for (let k = 0; k < n; k++) {
        const at = (o * n + (reverse ? n - 1 - k : k)) * inner;
        for (let i = 0; i < inner; i++) {
          row[i]! += x[at + i]!;
          y[at + i] = row[i]!;
        }
      }
    }
    return y;
  },
};
