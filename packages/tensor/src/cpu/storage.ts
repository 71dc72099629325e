import { isHalf, type TypedArray } from "../dtype.ts";
import { fromHalf, toHalf } from "../half.ts";
import type { Storage } from "../kernel.ts";
import { sizeOf, type TensorType } from "../shape.ts";

/** What the cpu backend keeps for a tensor: its elements, row-major; those of f16 and bf16 as their bits. */
export type Data = TypedArray;

/** Arrays below this length are not worth keeping. In elements. */
const smallest = 4096;

/**
 * Typed arrays; f32 is kept in single precision, or in double for a reference without rounding. Large freed arrays are kept
 * for the next tensor of their size: a training step frees and makes the same sizes over and over, and fresh memory costs the
 * system a page fault every 4 kB. Beyond `mostKept` elements in all, those of the size that was used the longest time ago go first.
 */
export function cpuStorage(precision: "f32" | "f64", mostKept: number = 2 ** 25): Storage<Data> {
  const spare = new Map<number, Data[]>(); // sizes in the order of their last use
  let kept = 0;
  const keep = (data: Data): void => {
    const n = data.length;
    const list = spare.get(n) ?? [];
    list.push(data);
    spare.delete(n);
    spare.set(n, list);
    kept += n;
    while (kept > mostKept) {
      const [oldest, those] = spare.entries().next().value!;
      those.pop();
      kept -= oldest;
      if (those.length === 0) spare.delete(oldest);
    }
  };
  const take = (n: number): Data | undefined => {
    const list = spare.get(n);
    if (list === undefined) return undefined;
    spare.delete(n);
    const data = list.pop();
    if (list.length > 0) spare.set(n, list);
    kept -= n;
    return data;
  };
  const float = (n: number): Data => {
    const found = n < smallest ? undefined : take(n);
    if (found === undefined) return precision === "f32" ? new Float32Array(n) : new Float64Array(n);
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
      if (dtype === "f32" && data.length >= smallest && data.length <= mostKept) keep(data);
    },
  };
}
