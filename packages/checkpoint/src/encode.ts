import { CheckpointError, ConfigError, type Shape } from "@tenon/tensor";

import { nativeOrder, type StoredValues } from "./decode.ts";
import type { SafetensorsDType } from "./dtypes.ts";
import { isNarrow, narrow, type Overflow } from "./narrow.ts";
import { countElements } from "./shape.ts";
import { quote } from "./show.ts";
import type { TensorData } from "./stored-tensor.ts";

/** How {@link encodeTensor} stores numbers. */
export interface EncodeOptions {
  /** Default: the array's own type. `Float32Array` and `Float64Array` can be stored as F64, F32, F16 or BF16, `Uint8Array` as U8 or BOOL. */
  readonly dtype?: SafetensorsDType;
  /** Default: `"refuse"`. */
  readonly overflow?: Overflow;
  /** What to call the tensor in messages. */
  readonly name?: string;
}

const natural: Readonly<Record<string, readonly SafetensorsDType[]>> = {
  Float64Array: ["F64", "F32", "F16", "BF16"],
  Float32Array: ["F32", "F64", "F16", "BF16"],
  BigInt64Array: ["I64"],
  BigUint64Array: ["U64"],
  Int32Array: ["I32"],
  Uint32Array: ["U32"],
  Int16Array: ["I16"],
  Uint16Array: ["U16"],
  Int8Array: ["I8"],
  Uint8Array: ["U8", "BOOL"],
};

/**
 * Numbers as a file stores them. Rounding to F32, F16 and BF16 is to nearest, ties to even (doubles become F16 and BF16 by
 * way of F32); infinities and NaNs are stored as they are.
 *
 * Throws `CheckpointError` when the shape does not fit the numbers, when a finite number overflows the dtype and `overflow` is
 * `"refuse"`, and for a BOOL that is neither 0 nor 1; `ConfigError` for a dtype that the array cannot be stored in.
 *
 * @param values row-major
 * @example
 * ```ts
 * const half = encodeTensor(new Float32Array([1, -2, 0.5, 3]), [2, 2], { dtype: "F16" });
 * console.log(half.bytes.length); // 8
 * ```
 */
export function encodeTensor(values: StoredValues, shape: Shape, options: EncodeOptions = {}): TensorData {
  const { name, overflow = "refuse" } = options;
  const title = name === undefined ? "a tensor" : `tensor ${quote(name)}`;
  const array = Object.prototype.toString.call(values).slice(8, -1);
  const allowed = natural[array] ?? [];
  const dtype = options.dtype ?? allowed[0];
  if (dtype === undefined || !allowed.includes(dtype)) {
    const can =
      allowed.length > 0
        ? `${array} can be stored as ${allowed.join(", ")}`
        : `numbers come in one of ${Object.keys(natural).join(", ")}`;
    throw new ConfigError(`${title}: cannot store ${array} as ${dtype ?? "any dtype"}; ${can}.`, {
      tensor: name,
      expected: allowed,
      got: dtype ?? array,
    });
  }
  if (countElements(shape) !== values.length) {
    const problem = `shape [${shape.join(", ")}] has ${countElements(shape) ?? "no possible number of"} elements, but ${values.length} numbers came`;
    throw new CheckpointError(`${title}: ${problem}. Give the shape that the numbers have.`, {
      tensor: name,
      expected: shape,
      got: values.length,
    });
  }
  if (dtype === "BOOL") checkBooleans(values as Uint8Array, title);
  const stored = toStorage(values, dtype, overflow, title);
  const bytes = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
  return { dtype, shape: [...shape], bytes: new Uint8Array(nativeOrder(bytes, stored.BYTES_PER_ELEMENT)) };
}

function checkBooleans(values: Uint8Array, title: string): void {
  const odd = values.findIndex((value) => value > 1);
  if (odd >= 0) {
    throw new CheckpointError(
      `${title}: element ${odd} of a BOOL is ${values[odd]}; expected 0 or 1. Store it as U8.`,
      { expected: "0 or 1", got: values[odd] },
    );
  }
}

function toStorage(values: StoredValues, dtype: SafetensorsDType, overflow: Overflow, title: string): StoredValues {
  if (dtype === "F64") return new Float64Array(values as Float32Array | Float64Array);
  return isNarrow(dtype) ? narrow(values as Float32Array | Float64Array, dtype, overflow, title) : values;
}
