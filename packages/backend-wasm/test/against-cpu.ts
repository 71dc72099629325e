import { cpu, sizeOf, tensor, type Backend, type DType, type Shape, type Tensor } from "@tenon/tensor";
import { expect } from "vitest";

/** The dtypes that ops which move elements take. */
export const moved: readonly DType[] = ["f32", "i32", "f16", "bf16", "u8", "bool"];

/** A tensor whose neighbours differ, with more numbers the more its dtype holds. */
export function filled(shape: Shape, dtype: DType, on: Backend): Tensor {
  const n = sizeOf(shape);
  switch (dtype) {
    case "f32":
      return tensor(
        Float32Array.from({ length: n }, (_, i) => i + 0.5),
        shape,
        on,
      );
    case "i32":
      return tensor(
        Int32Array.from({ length: n }, (_, i) => Math.imul(i, 0x9e3779b1)),
        shape,
        on,
        dtype,
      );
    case "f16":
    case "bf16":
      return tensor(
        Uint16Array.from({ length: n }, (_, i) => (i * 7) % 0x7c00),
        shape,
        on,
        dtype,
      ); // no infinity or NaN
    default: {
      const most = dtype === "bool" ? 2 : 256;
      return tensor(
        Uint8Array.from({ length: n }, (_, i) => ((i * 0x9e3779b1) >>> 13) % most),
        shape,
        on,
        dtype,
      );
    }
  }
}

const reference = cpu();
/** Expects what `make` makes on a backend to be what it makes on `cpu`, to the bit but for the sign of 0. */
export async function expectAsOnCpu(on: Backend, make: (on: Backend) => Tensor): Promise<void> {
  const [mine, right] = [make(on), make(reference)];
  expect({ dtype: mine.dtype, shape: mine.shape }).toEqual({ dtype: right.dtype, shape: right.shape });
  const [a, b] = [await mine.read(), await right.read()];
  const first = a.findIndex((x, i) => x !== b[i] && !(x !== x && b[i] !== b[i]));
  expect(first < 0 ? "the same" : `element ${first} is ${a[first]}, not ${b[first]}`).toBe("the same");
}
