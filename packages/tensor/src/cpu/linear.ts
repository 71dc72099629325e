import type { KernelTable } from "../kernel.ts";
import { rowProducts } from "./matmul.ts";
import { shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

/** The linear map. An activation after it is a pass of its own, which costs next to nothing beside a product in plain loops. */
export const linearKernels: Pick<KernelTable<Data>, "linear"> = {
  linear: ([x, weight, bias], _, call) => {
    const [n, k] = shapeAt(call, 1) as [number, number];
    const y = call.allocate(call.output);
    const m = y.length / n; // not x.length / k: an input of width 0 still has rows
    rowProducts(x, weight, y, 0, m, n, k);
    if (bias !== undefined) for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) y[i * n + j]! += bias[j]!;
    return y;
  },
};
