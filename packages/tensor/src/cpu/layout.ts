import type { Call, KernelTable } from "../kernel.ts";
import { sizeOf } from "../shape.ts";
import { around, eachRow, shapeAt, stridesIn } from "./rows.ts";
import type { Data } from "./storage.ts";

/** The elements of x that the strides lead to, in the order of the output's indices. */
function gathered(x: Data, strides: readonly number[], call: Call<Data>): Data {
  const { shape } = call.output;
  const y = call.allocate(call.output);
  const n = shape.at(-1) ?? 1;
  const step = strides.at(-1) ?? 0;
  eachRow(shape, [strides], (o, [i]) => {
    for (let c = 0; c < n; c++) y[o + c] = x[i! + c * step]!;
  });
  return y;
}

/** Kernels that only move elements. */
export const layoutKernels: Pick<
  KernelTable<Data>,
  "expand" | "permute" | "slice" | "pad" | "concat" | "writeSlice"
> = {
  expand: ([x], _, call) => gathered(x, stridesIn(shapeAt(call, 0), call.output.shape), call),
  permute: ([x], { order }, call) => {
    const source = shapeAt(call, 0);
    const strides = order.map((axis) => sizeOf(source.slice(axis + 1)));
    return gathered(x, strides, call);
  },
  slice: ([x], { axis, start, length }, call) => {
    const y = call.allocate(call.output);
    const { outer, n, inner } = around(shapeAt(call, 0), axis);
    for (let o = 0; o < outer; o++)
      y.set(x.subarray((o * n + start) * inner, (o * n + start + length) * inner), o * length * inner);
    return y;
  },
  pad: ([x], { axis, before }, call) => {
    const y = call.allocate(call.output);
    const { outer, n, inner } = around(shapeAt(call, 0), axis);
    const size = call.output.shape[axis]!;
    for (let o = 0; o < outer; o++) y.set(x.subarray(o * n * inner, (o + 1) * n * inner), (o * size + before) * inner);
    return y;
  },
  concat: (xs, { axis }, call) => {
    const y = call.allocate(call.output);
    const { outer, n: size, inner } = around(call.output.shape, axis);
    let start = 0;
    xs.forEach((x, i) => {
      const n = shapeAt(call, i)[axis]!;
      for (let o = 0; o < outer; o++) y.set(x.subarray(o * n * inner, (o + 1) * n * inner), (o * size + start) * inner);
      start += n;
    });
    return y;
  },
  writeSlice: ([target, source], { axis, start }, call) => {
    const y = call.reuse(0) ?? target.slice();
    const { outer, n, inner } = around(shapeAt(call, 0), axis);
    const length = shapeAt(call, 1)[axis]!;
    for (let o = 0; o < outer; o++)
      y.set(source.subarray(o * length * inner, (o + 1) * length * inner), (o * n + start) * inner);
    return y;
  },
};
