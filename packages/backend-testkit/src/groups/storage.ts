import {
  bfloat16ToFloat32,
  cast,
  float16ToFloat32,
  float32ToBfloat16,
  float32ToFloat16,
  scoped,
  tensor,
  type Backend,
  type DType,
  type Shape,
  type TypedArray,
} from "@tenon/tensor";

import type { Group } from "./group.ts";

/** What is uploaded, with every value that the dtype can hold or the ends of its range, and the kind of array that is read. */
const samples: { readonly [D in Exclude<DType, "f16" | "bf16">]: TypedArray } = {
  f32: Float32Array.of(0, -0, 1.5, -3.4028234663852886e38, 1.1754943508222875e-38, Infinity, -Infinity, NaN),
  i32: Int32Array.of(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1),
  u8: Uint8Array.from({ length: 256 }, (_, i) => i),
  bool: Uint8Array.of(1, 0, 0, 1, 1, 1, 0, 1),
  q8: Int8Array.from({ length: 254 }, (_, i) => i - 127),
  q4: Uint8Array.from({ length: 256 }, (_, i) => i),
};

function expectSame(actual: TypedArray, expected: TypedArray, what: string): void {
  const [got, wanted] = [actual[Symbol.toStringTag], expected[Symbol.toStringTag]];
  const double = wanted === "Float32Array" && got === "Float64Array"; // of a backend in double precision
  if (got !== wanted && !double) throw new Error(`${what} is read as a ${got}, expected a ${wanted}`);
  if (actual.length !== expected.length)
    throw new Error(`${what} has ${actual.length} elements, expected ${expected.length}`);
  for (const [i, e] of expected.entries())
    if (!Object.is(actual[i], e)) throw new Error(`${what}: element ${i} is ${actual[i]}, expected ${e}`);
}

async function keeps(on: Backend, dtype: DType, data: TypedArray, shapes: readonly Shape[]): Promise<void> {
  for (const shape of shapes) {
    const elements = shape.reduce((n, size) => n * size, 1);
    const part = data.slice(0, dtype === "q4" ? elements / 2 : elements);
    using x = on.upload(part, { dtype, shape });
    expectSame(await x.read(), part, `${dtype} [${shape.join(", ")}]`);
  }
}

const formats = {
  f16: { toBits: float32ToFloat16, toValues: float16ToFloat32 },
  bf16: { toBits: float32ToBfloat16, toValues: bfloat16ToFloat32 },
} as const;

/** Around every 16-bit float a number just below the middle to the next, the middle itself (a tie), and one just above. */
function betweenNeighbours(dtype: "f16" | "bf16"): Float32Array {
  const { toValues } = formats[dtype];
  const infinity = dtype === "f16" ? 0x7c00 : 0x7f80;
  const positive = toValues(Uint16Array.from({ length: infinity }, (_, bits) => bits));
  const all: number[] = [];
  for (let i = 0; i + 1 < positive.length; i += 7) {
    const middle = (positive[i]! + positive[i + 1]!) / 2;
    for (const value of [middle * (1 - 2 ** -20), middle, middle * (1 + 2 ** -20)]) all.push(value, -value);
  }
  return Float32Array.from(all);
}

async function halves(on: Backend, dtype: "f16" | "bf16"): Promise<void> {
  const { toBits, toValues } = formats[dtype];
  const every = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
  using exact = on.upload(every, { dtype, shape: [2 ** 16] });
  expectSame(await exact.read(), toValues(every), `every ${dtype}`);
  using widened = scoped(() => cast(exact, "f32"));
  expectSame(await widened.read(), toValues(every), `every ${dtype}, cast to f32`);

  const numbers = betweenNeighbours(dtype);
  const rounded = toValues(toBits(numbers));
  const shape = [numbers.length];
  using uploaded = on.upload(numbers, { dtype, shape });
  expectSame(await uploaded.read(), rounded, `${dtype} uploaded from f32, which rounds to nearest, ties to even`);
  using single = tensor(numbers, shape, on);
  using narrowed = scoped(() => cast(single, dtype));
  expectSame(await narrowed.read(), rounded, `f32 cast to ${dtype}, which rounds to nearest, ties to even`);
}

/** `storage/<dtype>`: what is uploaded is what is read, to the bit; 16-bit floats round to nearest, ties to even. */
export const storage: Group = () => [
  ...Object.entries(samples).map(
    ([dtype, data]) =>
      [
        `storage/${dtype}`,
        (on: Backend) => keeps(on, dtype as DType, data, dtype === "q4" ? [[512], [2, 4], [0, 2]] : shapesOf(data)),
      ] as const,
  ),
  ["storage/f16", (on) => halves(on, "f16")],
  ["storage/bf16", (on) => halves(on, "bf16")],
];
const shapesOf = ({ length }: TypedArray): Shape[] => [[length], [2, 3], [], [0], [2, 0, 3]];
