import { fromHalf, isHalf, toHalf, type Storage, type TensorType, type TypedArray } from "@tenon/tensor";

import { Block, storedBytes } from "./block.ts";
import type { Engine } from "./engine.ts";
import { isPacked, unpacked } from "./kernels/unpack.ts";

/** The bytes of a host array. */
const bytesOf = ({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Tensors as blocks of the engine's memory. */
export function wasmStorage(engine: Engine): Storage<Block> {
  const { memory } = engine;
  return {
    allocate: (type) => new Block(memory.allocate(storedBytes(type)), false),
    upload(data, type, use) {
      const block = new Block(memory.allocate(storedBytes(type)), use === "variable");
      const { at } = block.region;
      if (isHalf(type.dtype) && !(data instanceof Uint16Array)) memory.u8.set(bytesOf(toHalf(data, type.dtype)), at);
      else if (data instanceof Float64Array) memory.f32.set(data, at / 4);
      else memory.u8.set(bytesOf(data), at);
      return block;
    },
    read(block, type) {
      if (!isPacked(block)) return copied(engine, block.region.at, type);
      // It stays packed: whoever saves a model may go on using it.
      const rows = unpacked(engine, block);
      try {
        return copied(engine, rows.at, type);
      } finally {
        memory.release(rows);
      }
    },
    free: (block) => memory.release(block.region),
  };
}

/** A copy on the host, as the array that the dtype has there. */
function copied(engine: Engine, at: number, type: TensorType): TypedArray {
  const { buffer } = Uint8Array.from(engine.memory.u8.subarray(at, at + storedBytes(type))); // slice would give a shared one
  switch (type.dtype) {
    case "i32":
      return new Int32Array(buffer);
    case "q8":
      return new Int8Array(buffer);
    case "u8":
    case "bool":
    case "q4":
      return new Uint8Array(buffer);
    case "f16":
    case "bf16":
      return fromHalf(new Uint16Array(buffer), type.dtype);
    case "f32":
      return new Float32Array(buffer);
  }
}
