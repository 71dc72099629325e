import type { KernelTable } from "../kernel.ts";
import { cpuPrimitives } from "./cpu.ts";
import { fusedKernels } from "./fused.ts";
import type { Data } from "./storage.ts";

/**
 * The kernels of `cpu`, one for each primitive and those that fuse, for a backend that keeps its tensors where JavaScript can see them: it
 * may use some of them until it has its own. They take typed arrays (16-bit floats as their bits) and expect `call.allocate` to give zeros.
 *
 * @example
 * ```ts
 * const call = {
 *   inputs: [{ dtype: "f32", shape: [2] }] as const,
 *   output: { dtype: "f32", shape: [2] } as const,
 *   outputs: [{ dtype: "f32", shape: [2] }] as const,
 *   allocate: () => new Float32Array(2),
 *   reuse: () => undefined,
 * };
 * const { sqrt } = cpuKernels;
 * console.log(typeof sqrt === "function" && sqrt([Float32Array.of(4, 9)], none, call)); // Float32Array(2) [ 2, 3 ]
 * ```
 */
export const cpuKernels: KernelTable<Data> = { ...cpuPrimitives, ...fusedKernels };
