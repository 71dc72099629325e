import { isHalf } from "../dtype.ts";
import { fromHalf, toHalf } from "../half.ts";
import type { KernelTable } from "../kernel.ts";
import type { TensorType } from "../shape.ts";
import type { Data } from "./storage.ts";

/** y ← x without its fraction, and no further than the ends of the range; NaN becomes 0. */
function truncate(y: Data, x: Data, low: number, high: number): void {
  for (let i = 0; i < y.length; i++) {
    const whole = Math.trunc(x[i]!);
    y[i] = whole < low ? low : whole > high ? high : whole; // a typed array of whole numbers stores NaN as 0
  }
}

/** The kernel that changes what elements are. */
export const castKernels: Pick<KernelTable<Data>, "cast"> = {
  cast: ([x], { dtype }, call) => {
    const from = (call.inputs[0] as TensorType).dtype;
    const values = isHalf(from) ? fromHalf(x as Uint16Array, from) : x;
    const y = call.allocate(call.output);
    if (isHalf(dtype)) y.set(toHalf(values, dtype));
    else if (dtype === "f32") y.set(values);
    else if (dtype === "bool") for (let i = 0; i < y.length; i++) y[i] = values[i] === 0 ? 0 : 1;
    else if (dtype === "u8") truncate(y, values, 0, 255);
    else truncate(y, values, -(2 ** 31), 2 ** 31 - 1);
    return y;
  },
};
