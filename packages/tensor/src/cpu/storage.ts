import { isHalf, type TypedArray } from "../dtype.ts";
import { fromHalf, toHalf } from "../half.ts";
import type { Storage } from "../kernel.ts";
import { sizeOf, type TensorType } from "../shape.ts";

/** What the cpu backend keeps for a tensor: its elements, row-major; those of f16 and bf16 as their bits. */
export type Data = TypedArray;

/** Arrays below this length are not worth keeping; beyond this total, none are kept. In elements. */
const smallest = 4096;
const mostKept = 2 ** 25;

/**
 * Typed arrays; f32 is kept in single precision, or in double for a reference without rounding. Large freed arrays are kept
 * for the next tensor of their size: a training step frees and makes the same sizes over and over, and fresh memory costs the
 * system a page fault every 4 kB.
 */
export function cpuStorage(precision: "f32" | "f64"): Storage<Data> {
  const spare = new Map<number, Data[]>();
  let kept = 0;
  const float = (n: number): Data => {
    const found = n < smallest ? undefined : spare.get(n)?.pop();
    if (found === undefined) return precision === "f32" ? new Float32Array(n) : new Float64Array(n);
    kept -= n;
    return found.fill(0);
  };
  const allocate = (type: TensorType): Data => {
    const n = sizeOf(type.shape);
    switch (type.dtype) {
      case "f32":
        return float(n);
      case "f16":
      case "bf16":
        return new Uint16Array(n);
      case "i32":
        return new Int32Array(n);
      case "u8":
      case "bool":
        return new Uint8Array(n);
      case "q8":
        return new Int8Array(n);
      case "q4":
        return new Uint8Array(n / 2);
    }
  };
  return {
    allocate,
    upload: (data, type) => {
      const copy = allocate(type);
      copy.set(isHalf(type.dtype) && !(data instanceof Uint16Array) ? toHalf(data, type.dtype) : data);
      return copy;
    },
    read: (data, { dtype }) => (isHalf(dtype) ? fromHalf(data as Uint16Array, dtype) : data.slice()),
    free: (data, { dtype }) => {
      const n = data.length;
      if (dtype !== "f32" || n < smallest || kept + n > mostKept) return;
      const list = spare.get(n);
      if (list === undefined) spare.set(n, [data]);
      else list.push(data);
      kept += n;
    },
  };
}
