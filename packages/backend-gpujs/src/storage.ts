import {
  BackendError,
  fromHalf,
  isHalf,
  sizeOf,
  toHalf,
  type Storage,
  type TensorType,
  type TypedArray,
} from "@tenon/tensor";

import { emptyBlock, type Block } from "./block.ts";
import type { Engine } from "./engine.ts";

/** From here on a float no longer holds every whole number. */
const wholeLimit = 2 ** 24;

/** The largest of no whole numbers at all. */
export const lowest: number = -(2 ** 31);

/**
 * Tensors as arrays of 32-bit floats, the only numbers that gpu.js stores. f16 and bf16 are rounded and then kept as f32; i32 is exact
 * below 2²⁴, and refused beyond; levels of 4 bits are kept one to a float.
 */
export function gpujsStorage(engine: Engine): Storage<Block> {
  return {
    allocate: emptyBlock,
    upload: (data, type, use) => engine.upload(toFloats(engine.name, data, type), use === "variable"),
    read(block, type) {
      const floats = engine.read(block, sizeOf(type.shape));
      return floats instanceof Promise
        ? floats.then((data) => fromFloats(engine.name, data, type))
        : fromFloats(engine.name, floats, type);
    },
    free: (block) => engine.free(block),
  };
}

function toFloats(backend: string, data: TypedArray, { dtype, shape }: TensorType): Float32Array {
  if (dtype === "q4") return unpacked(data, sizeOf(shape));
  if (isHalf(dtype)) return fromHalf(data instanceof Uint16Array ? data : toHalf(data, dtype), dtype);
  if (dtype === "i32")
    for (const value of data) if (Math.abs(value) >= wholeLimit) throw tooLarge(backend, String(value));
  return new Float32Array(data);
}

function fromFloats(backend: string, data: Float32Array, { dtype }: TensorType): TypedArray {
  switch (dtype) {
    case "f32":
    case "f16":
    case "bf16":
      return data;
    case "i32":
      for (const value of data)
        if (!(Math.abs(value) < wholeLimit) && value !== lowest) throw tooLarge(backend, "a result");
      return new Int32Array(data);
    case "u8":
    case "bool":
      return new Uint8Array(data);
    case "q8":
      return new Int8Array(data);
    case "q4":
      return packed(data);
  }
}

const tooLarge = (backend: string, what: string): BackendError =>
  new BackendError(
    `${backend}: ${what} is beyond ±${wholeLimit - 1}: gpu.js keeps all numbers as f32, which holds no larger whole numbers exactly; use cpu() or wasm() for them`,
    { backend },
  );

/** Two levels from −8 to 7 in a byte, the first in its low half, as one level to a float. */
function unpacked(bytes: TypedArray, elements: number): Float32Array {
  const levels = new Float32Array(elements);
  for (let i = 0; i < elements; i += 2) {
    const byte = bytes[i / 2]!;
    levels[i] = (byte & 15) - 8;
    levels[i + 1] = (byte >> 4) - 8;
  }
  return levels;
}
function packed(levels: Float32Array): Uint8Array {
  const bytes = new Uint8Array(levels.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (levels[2 * i]! + 8) | ((levels[2 * i + 1]! + 8) << 4);
  return bytes;
}
