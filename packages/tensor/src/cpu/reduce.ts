import type { Call, KernelTable } from "../kernel.ts";
import { around, shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

/** Folds one axis. The running value is a double, whatever the storage. */
const reduction =
  (start: number, f: (running: number, x: number) => number) =>
  ([x]: readonly [Data], { axis }: { axis: number }, call: Call<Data>): Data => {
    const y = call.allocate(call.output);
    const { outer, n, inner } = around(shapeAt(call, 0), axis);
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

/** Kernels that fold an axis. */
export const reduceKernels: Pick<KernelTable<Data>, "sum" | "max"> = {
  sum: reduction(0, (running, x) => running + x),
  max: reduction(-Infinity, (running, x) => (x > running || x !== x ? x : running)),
};
