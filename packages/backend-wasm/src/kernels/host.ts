import {
  cpuKernels,
  isHalf,
  sizeOf,
  type Attrs,
  type Call,
  type KernelTable,
  type TensorType,
  type TypedArray,
} from "@tenon/tensor";

import { Block, storedBytes } from "../block.ts";
import type { Engine } from "../engine.ts";

type HostRun = (
  inputs: readonly (TypedArray | number | undefined)[],
  attrs: Attrs,
  call: Call<TypedArray>,
) => TypedArray | readonly TypedArray[];
type HostKernel =
  | HostRun
  | { accepts: (attrs: Attrs, inputs: readonly (TensorType | number | undefined)[]) => boolean; run: HostRun };

/** The names of the ops that have no WebAssembly of their own: plain loops in JavaScript over the same memory, on the calling thread. */
const hostOps = Object.keys(cpuKernels) as readonly (keyof typeof cpuKernels)[];

/** Kernels of `cpu`, on blocks: what an op runs until it has a kernel in WebAssembly. */
export function hostTable(engine: Engine): KernelTable<Block> {
  const table: Record<string, unknown> = {};
  for (const name of hostOps) {
    const kernel = cpuKernels[name] as unknown as HostKernel;
    table[name] =
      typeof kernel === "function"
        ? onHost(engine, kernel)
        : { accepts: kernel.accepts, run: onHost(engine, kernel.run) };
  }
  return table as unknown as KernelTable<Block>;
}

function onHost(engine: Engine, run: HostRun) {
  return (inputs: readonly (Block | number | undefined)[], attrs: Attrs, call: Call<Block>): Block | Block[] => {
    // Nothing is allocated from the engine until the loops are done: growing its memory would take the views away.
    for (const x of inputs) if (x instanceof Block) engine.at(x);
    const views = inputs.map((x, i) => (x instanceof Block ? viewOf(engine, x, call.inputs[i] as TensorType) : x));
    const made = run(views, attrs, {
      inputs: call.inputs,
      output: call.output,
      outputs: call.outputs,
      allocate: arrayOf,
      reuse: (i) => (call.reuse(i) === undefined ? undefined : (views[i] as TypedArray)),
    });
    const stored = (data: TypedArray, type: TensorType): Block => {
      const reused = views.indexOf(data);
      if (reused >= 0) return call.reuse(reused)!;
      const block = call.allocate(type);
      engine.memory.u8.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), engine.at(block));
      return block;
    };
    return Array.isArray(made)
      ? made.map((data: TypedArray, i) => stored(data, call.outputs[i]!))
      : stored(made as TypedArray, call.output);
  };
}

/** A block's elements as the array that `cpu` keeps for the type. */
function viewOf(engine: Engine, block: Block, type: TensorType): TypedArray {
  const { buffer } = engine.memory.u8;
  const at = engine.at(block);
  const n = sizeOf(type.shape);
  switch (type.dtype) {
    case "f32":
      return new Float32Array(buffer, at, n);
    case "i32":
      return new Int32Array(buffer, at, n);
    case "q8":
      return new Int8Array(buffer, at, n);
    case "f16":
    case "bf16":
      return new Uint16Array(buffer, at, n);
    default:
      return new Uint8Array(buffer, at, storedBytes(type));
  }
}

/** A fresh array of the same kind, of zeros. */
function arrayOf(type: TensorType): TypedArray {
  const n = sizeOf(type.shape);
  if (isHalf(type.dtype)) return new Uint16Array(n);
  if (type.dtype === "f32") return new Float32Array(n);
  if (type.dtype === "i32") return new Int32Array(n);
  return type.dtype === "q8" ? new Int8Array(n) : new Uint8Array(storedBytes(type));
}
