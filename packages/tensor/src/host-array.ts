import { isFloat, isHalf, type DType, type TypedArray } from "./dtype.ts";
import { DTypeError, ShapeError } from "./errors.ts";
import { show, sizeOf, type TensorType } from "./shape.ts";

const floats = ["Float32Array", "Float64Array"];
/** The arrays that a tensor of each dtype can be uploaded from, as they are. */
const arrays: { readonly [D in DType]: readonly string[] } = {
  f32: floats,
  f16: [...floats, "Uint16Array"],
  bf16: [...floats, "Uint16Array"],
  i32: ["Int32Array"],
  u8: ["Uint8Array"],
  bool: ["Uint8Array"],
  q8: ["Int8Array"],
  q4: ["Uint8Array"],
};

/** How many elements the host array of a type has: one for each of the tensor's, or for each two in q4. Throws `ShapeError` for a q4 whose last axis is odd. */
export function hostLength({ dtype, shape }: TensorType): number {
  if (dtype !== "q4") return sizeOf(shape);
  if ((shape[shape.length - 1] ?? 1) % 2 !== 0)
    throw new ShapeError(`q4 packs two levels into a byte, so its last axis must be even, got ${show(shape)}`, {
      shape,
    });
  return sizeOf(shape) / 2;
}

/**
 * Throws unless an array can be uploaded as the type without converting it: `DTypeError` for an array of another kind (the whole
 * numbers of an `Int32Array` are not all f32s, a `Float32Array` holds fractions), `ShapeError` for one of another length.
 */
export function expectHostArray(data: TypedArray, type: TensorType): void {
  const kind = data[Symbol.toStringTag];
  if (!arrays[type.dtype].includes(kind))
    throw new DTypeError(
      `${type.dtype} ${show(type.shape)} is uploaded from ${arrays[type.dtype].join(" or ")}, got ${kind}; tensor() takes any numbers, and checks each`,
      { dtype: type.dtype, expected: arrays[type.dtype], actual: kind },
    );
  const length = hostLength(type);
  if (data.length !== length)
    throw new ShapeError(
      `${type.dtype} ${show(type.shape)} is uploaded from ${length} elements, got ${kind} of ${data.length}`,
      { shape: type.shape, expected: length, length: data.length },
    );
}

const ranges: { readonly [D in DType]?: readonly [low: number, high: number] } = {
  bool: [0, 1],
  u8: [0, 255],
  i32: [-(2 ** 31), 2 ** 31 - 1],
  q8: [-127, 127],
  q4: [-8, 7],
};

/**
 * Numbers as the host array of a dtype. Floats keep every digit, so that a backend in double precision gets it, and the others
 * round once, as they store. Throws `DTypeError` for the first number that is no element of a dtype of whole numbers.
 */
export function hostArray(data: ArrayLike<number>, dtype: DType): TypedArray {
  if (isHalf(dtype) && data instanceof Uint16Array) return data;
  if (isFloat(dtype))
    return data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data);
  const [low, high] = ranges[dtype]!;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (Number.isInteger(value) && value >= low && value <= high) continue;
    throw new DTypeError(
      `element ${i} is ${value}, which is no ${dtype}: expected a whole number from ${low} to ${high}`,
      {
        dtype,
        index: i,
        value,
      },
    );
  }
  if (dtype === "i32") return Int32Array.from(data);
  if (dtype === "q8") return Int8Array.from(data);
  return dtype === "q4" ? packed(data) : Uint8Array.from(data);
}

/** Levels −8 … 7, each plus 8, two to a byte: the even element in the low four bits. */
export function packed(levels: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(levels.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (levels[2 * i]! + 8) | ((levels[2 * i + 1]! + 8) << 4);
  return bytes;
}

/** The host array of zeros of a type. */
export function zeroArray(type: TensorType): TypedArray {
  const length = hostLength(type);
  if (isFloat(type.dtype)) return new Float32Array(length);
  if (type.dtype === "i32") return new Int32Array(length);
  if (type.dtype === "q8") return new Int8Array(length);
  return new Uint8Array(length).fill(type.dtype === "q4" ? 0x88 : 0); // a level of 0 is stored as 8
}
