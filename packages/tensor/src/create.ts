import type { Backend } from "./backend.ts";
import { isFloat, isHalf, type DType, type TypedArray } from "./dtype.ts";
import { ConfigError, DTypeError, ShapeError } from "./errors.ts";
import { track } from "./scope.ts";
import { checkShape, show, sizeOf, type Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

function hostArray(data: ArrayLike<number>, dtype: DType): TypedArray {
  // In double precision, so that a backend which computes in it gets every digit; the others round once, as they store.
  if (isHalf(dtype) && data instanceof Uint16Array) return data;
  if (isFloat(dtype))
    return data instanceof Float32Array || data instanceof Float64Array ? data : Float64Array.from(data);
  const array = dtype === "i32" ? Int32Array.from(data) : Uint8Array.from(data);
  for (let i = 0; i < array.length; i++) {
    if (array[i] !== data[i] || (dtype === "bool" && array[i]! > 1))
      throw new DTypeError(`element ${i} is ${data[i]}, which is no ${dtype}`, { dtype, index: i, value: data[i] });
  }
  return array;
}

/**
 * A tensor from numbers, in row-major order, copied. Throws `ShapeError` when their count is not the shape's size and
 * `DTypeError` when one is no `dtype` (a fraction as i32, anything but 0 and 1 as bool).
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], cpu());
 * const mask = tensor([1, 0], [2], cpu(), "bool");
 * ```
 */
export function tensor(data: ArrayLike<number>, shape: Shape, on: Backend, dtype: DType = "f32"): Tensor {
  checkShape(shape);
  if (data.length !== sizeOf(shape))
    throw new ShapeError(`${data.length} numbers for the shape ${show(shape)}, which has ${sizeOf(shape)} elements`, {
      shape,
      length: data.length,
    });
  const made = on.upload(hostArray(data, dtype), { dtype, shape: [...shape] });
  track(made);
  return made;
}

/** A tensor of zeros (false). @example `zeros([2, 3], on)` */
export function zeros(shape: Shape, on: Backend, dtype: DType = "f32"): Tensor {
  checkShape(shape);
  return tensor(new Uint8Array(sizeOf(shape)), shape, on, dtype);
}

export interface IdOptions {
  /** Each id must be below this: the rows of the table that will be read. */
  readonly limit: number;
  /** What an id is, for the error. Default "token id". */
  readonly what?: string;
  /** One value that is let through though it is out of range, such as the target that a loss ignores. */
  readonly ignore?: number;
}

/**
 * Ids as an i32 tensor, each checked to be a whole number from 0 to limit − 1: kernels on devices cannot throw, so this is
 * where a bad id is caught. Throws `ConfigError` naming the first bad one.
 *
 * @example
 * ```ts
 * ids([3, 1, 4], [1, 3], on, { limit: 50257 });
 * ```
 */
export function ids(
  data: ArrayLike<number>,
  shape: Shape,
  on: Backend,
  { limit, what = "token id", ignore }: IdOptions,
): Tensor {
  for (let i = 0; i < data.length; i++) {
    const id = data[i]!;
    if (id === ignore || (Number.isInteger(id) && id >= 0 && id < limit)) continue;
    throw new ConfigError(
      `${what} ${id} at place ${i} is out of range: expected a whole number from 0 to ${limit - 1}. Was the text encoded with another vocabulary?`,
      { what, id, index: i, limit },
    );
  }
  return tensor(data, shape, on, "i32");
}
