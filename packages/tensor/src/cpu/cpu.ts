import type { Backend } from "../backend.ts";
import { ConfigError } from "../errors.ts";
import { kernelBackend } from "../kernel-backend.ts";
import type { ExtraKernel, KernelTable } from "../kernel.ts";
import { castKernels } from "./cast.ts";
import { elementwiseKernels } from "./elementwise.ts";
import { fusedKernels } from "./fused.ts";
import { indexingKernels } from "./indexing.ts";
import { layoutKernels } from "./layout.ts";
import { matmulKernels } from "./matmul.ts";
import { dequantizeKernels } from "./quantized.ts";
import { reduceKernels } from "./reduce.ts";
import { cpuStorage, type Data } from "./storage.ts";

/** A kernel for each primitive, in plain loops, on typed arrays that begin as zeros. */
export const cpuPrimitives: KernelTable<Data> = {
  ...elementwiseKernels,
  ...castKernels,
  ...reduceKernels,
  ...matmulKernels,
  ...layoutKernels,
  ...indexingKernels,
  ...dequantizeKernels,
};

/** The kernels that take 16-bit floats as they are stored: they move elements, whatever these mean. */
export const halfKernels: readonly string[] = ["cast", "gather", "takeAlong", ...Object.keys(layoutKernels)];

/** How {@link cpu} computes. */
export interface CpuOptions {
  /** How f32 tensors are kept: "f64" gives a reference without rounding, for checking gradients. Default "f32". */
  readonly precision?: "f32" | "f64";
  /** Use the kernels that do several ops in one pass; false composes everything from primitives. Default true. */
  readonly fused?: boolean;
  /** Kernels for ops of your own. */
  readonly extra?: readonly ExtraKernel<Data>[];
}

/**
 * The backend in plain JavaScript: no dependencies, runs anywhere, and the reference for every other backend. Throws `ConfigError`
 * for another precision.
 *
 * @example
 * ```ts
 * const on = cpu();
 * console.log(await add(tensor([1, 2], [2], on), 1).read()); // Float32Array(2) [ 2, 3 ]
 * ```
 */
export function cpu({ precision = "f32", fused = true, extra = [] }: CpuOptions = {}): Backend {
  if (precision !== "f32" && precision !== "f64")
    throw new ConfigError(`cpu: precision must be "f32" or "f64", got ${String(precision)}`, { precision });
  return kernelBackend({
    name: "cpu",
    storage: cpuStorage(precision),
    kernels: fused ? { ...cpuPrimitives, ...fusedKernels } : cpuPrimitives,
    halves: halfKernels,
    extra,
  });
}
