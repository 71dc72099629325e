import { CheckpointError, type Shape } from "@tenon/tensor";

import { decodable, decode, type StoredValues } from "./decode.ts";
import type { SafetensorsDType } from "./dtypes.ts";
import { countElements } from "./shape.ts";
import { quote } from "./show.ts";

/** A tensor as a file holds it: little-endian bytes, row-major, with what they mean. {@link encodeTensor} makes one from numbers. */
export interface TensorData {
  readonly dtype: SafetensorsDType;
  /** Sizes, outermost first; `[]` is a scalar. */
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

/**
 * One tensor of a parsed file: a window on the file's bytes. Nothing is copied or converted until one of its methods is
 * called, and each call makes a new array, which is the caller's to change.
 *
 * @example
 * ```ts
 * const bytes = serializeSafetensors([["scale", encodeTensor(new Float32Array([1, 2]), [2])]]);
 * const scale = parseSafetensors(bytes).tensors.get("scale")!;
 * console.log(scale.dtype, scale.shape, scale.toFloat32()); // F32 [ 2 ] Float32Array(2) [ 1, 2 ]
 * ```
 */
export class StoredTensor implements TensorData {
  /** What the file is called in messages. */
  readonly file: string;
  readonly name: string;
  readonly dtype: SafetensorsDType;
  readonly shape: Shape;
  /** The file's own bytes, not a copy. They may start at any offset. */
  readonly bytes: Uint8Array;

  constructor(file: string, name: string, data: TensorData) {
    this.file = file;
    this.name = name;
    this.dtype = data.dtype;
    this.shape = data.shape;
    this.bytes = data.bytes;
  }

  /** How many elements it has: the product of its sizes. */
  get size(): number {
    return countElements(this.shape)!;
  }

  /**
   * Every element exactly, in the array type that fits the dtype: F16 and BF16 come as `Float32Array`, I64 as `BigInt64Array`,
   * U64 as `BigUint64Array`, BOOL as `Uint8Array`, all others as the array of their own name.
   *
   * Throws `CheckpointError` for F4, F6, F8 and C64, which Tenon carries as bytes only.
   */
  values(): StoredValues {
    return (
      decode(this.dtype, this.bytes) ??
      this.#refuse(`numbers can be read from ${decodable.join(", ")}`, `Store it in one of these, or use its bytes.`)
    );
  }

  /** The elements of F32, F16 and BF16 exactly, and of F64 rounded to nearest. Throws `CheckpointError` for every other dtype. */
  toFloat32(): Float32Array {
    const values = this.#isFloat() ? this.values() : undefined;
    if (values instanceof Float32Array) return values;
    if (values instanceof Float64Array) return new Float32Array(values);
    return this.#refuse(
      "toFloat32() reads F32, F16, BF16 and F64",
      this.#isCarried() ? "Store it in one of these, or use its bytes." : "values() reads it exactly.",
    );
  }

  /** The elements of any integer dtype. Throws `CheckpointError` for other dtypes, and for a number outside -2^31 … 2^31 - 1. */
  toInt32(): Int32Array {
    if (!/^[IU]/.test(this.dtype)) {
      return this.#refuse(
        "toInt32() reads I8, I16, I32, I64, U8, U16, U32 and U64",
        this.#isCarried() ? "Store it in one of these, or use its bytes." : "values() reads it exactly.",
      );
    }
    const values = this.values();
    const integers = new Int32Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const value = Number(values[i]);
      integers[i] = value;
      if (integers[i] !== value) {
        const problem = `element ${i} is ${values[i]}, outside of the range of i32`;
        throw new CheckpointError(`${this.#title()}: ${problem}. values() reads it exactly.`, {
          ...this.#fields(),
          expected: "-2^31 to 2^31 - 1",
          got: String(values[i]),
        });
      }
    }
    return integers;
  }

  /** The elements of BOOL, 0 or 1 each. Throws `CheckpointError` for every other dtype, and for a byte that is neither. */
  toBooleans(): Uint8Array {
    if (this.dtype !== "BOOL") return this.#refuse("toBooleans() reads BOOL", "values() reads it exactly.");
    const odd = this.bytes.findIndex((byte) => byte > 1);
    if (odd >= 0) {
      throw new CheckpointError(
        `${this.#title()}: element ${odd} of a BOOL is ${this.bytes[odd]}; expected 0 or 1. The file was written wrongly: export it again.`,
        {
          ...this.#fields(),
          expected: "0 or 1",
          got: this.bytes[odd],
        },
      );
    }
    return new Uint8Array(this.bytes);
  }

  #isFloat(): boolean {
    return /^B?F(16|32|64)$/.test(this.dtype);
  }

  #isCarried(): boolean {
    return !decodable.includes(this.dtype);
  }

  #title(): string {
    return `${this.file}: tensor ${quote(this.name)}`;
  }

  #fields(): Record<string, unknown> {
    return { file: this.file, tensor: this.name, dtype: this.dtype };
  }

  #refuse(expected: string, remedy: string): never {
    throw new CheckpointError(`${this.#title()} has dtype ${this.dtype}; ${expected}. ${remedy}`, {
      ...this.#fields(),
      expected,
      got: this.dtype,
    });
  }
}
