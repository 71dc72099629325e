import type { Backend, HostData } from "./backend.ts";
import { expectThisCopy } from "./copies.ts";
import { expectKnown, type DType } from "./dtype.ts";
import { BackendError, ConfigError, ShapeError } from "./errors.ts";
import { hostArray, hostLength, zeroArray } from "./host-array.ts";
import { track } from "./scope.ts";
import { checkShape, show, sizeOf, type Shape, type TensorType } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/**
 * A tensor from numbers, in row-major order, copied. Floats are rounded once, to the nearest; a `Uint16Array` for f16 or bf16 holds
 * the bits themselves. q8 and q4 are given as plain levels, −127 … 127 and −8 … 7, and q4 is packed here.
 *
 * Throws `ShapeError` when the count is not the shape's size or the last axis of a q4 is odd, and `DTypeError` when a number is no
 * `dtype` (a fraction as i32, 256 as u8, anything but 0 and 1 as bool).
 *
 * @example
 * ```ts
 * const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], cpu());
 * const mask = tensor([1, 0], [2], cpu(), "bool");
 * const half = tensor([0.1], [1], cpu(), "f16");
 * console.log(x.shape, mask.dtype, await half.read()); // [ 2, 3 ] bool Float32Array(1) [ 0.0999755859375 ]
 * ```
 */
export function tensor(data: ArrayLike<number>, shape: Shape, on: Backend, dtype: DType = "f32"): Tensor {
  const type = checkedType(shape, on, dtype);
  if (data.length !== sizeOf(shape))
    throw new ShapeError(`${data.length} numbers for the shape ${show(shape)}, which has ${sizeOf(shape)} elements`, {
      shape,
      length: data.length,
    });
  return uploaded(on, hostArray(data, dtype), type);
}

function checkedType(shape: Shape, on: Backend, dtype: DType): TensorType {
  checkShape(shape);
  expectKnown("tensor", dtype);
  if ((on as Backend | undefined) === undefined)
    throw new BackendError("tensor: nothing says where it shall live; pass a backend, such as cpu()");
  const type = { dtype, shape: [...shape] };
  hostLength(type); // refuses an odd q4
  return type;
}

function uploaded(on: Backend, data: HostData, type: TensorType): Tensor {
  expectThisCopy(on, "tensor()");
  const made = on.upload(data, type);
  track(made, "tensor()");
  return made;
}

/**
 * A tensor of zeros (false). Throws `ShapeError` for a shape that is none.
 *
 * @example
 * ```ts
 * console.log(await zeros([3], cpu(), "i32").read()); // Int32Array(3) [ 0, 0, 0 ]
 * ```
 */
export function zeros(shape: Shape, on: Backend, dtype: DType = "f32"): Tensor {
  const type = checkedType(shape, on, dtype);
  // Made where it is needed: a dry run of a large cache needs none.
  return uploaded(on, () => zeroArray(type), type);
}

/**
 * A tensor of ones (true). Throws `ShapeError` for a shape that is none.
 *
 * @example
 * ```ts
 * console.log(await ones([2, 2], cpu()).read()); // Float32Array(4) [ 1, 1, 1, 1 ]
 * ```
 */
export function ones(shape: Shape, on: Backend, dtype: DType = "f32"): Tensor {
  return full(shape, 1, on, dtype);
}

/**
 * A tensor with one number everywhere. Throws `ShapeError` for a shape that is none, and `DTypeError` when the number is no `dtype`.
 *
 * @example
 * ```ts
 * console.log(await full([3], -1, cpu(), "i32").read()); // Int32Array(3) [ -1, -1, -1 ]
 * ```
 */
export function full(shape: Shape, value: number, on: Backend, dtype: DType = "f32"): Tensor {
  checkShape(shape);
  return tensor(new Float64Array(sizeOf(shape)).fill(value), shape, on, dtype);
}

/** What {@link ids} checks. */
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
 * const on = cpu();
 * console.log(await ids([3, 1, 4], [1, 3], on, { limit: 50257 }).read()); // Int32Array(3) [ 3, 1, 4 ]
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
