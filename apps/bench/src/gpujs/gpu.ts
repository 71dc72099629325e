// What the naive side uses of gpu.js.
import type { Rows } from "./naive.ts";

export type Mode = "webasm" | "cpu" | "webgl2" | "webgpu";

/** A compiled kernel. Nested arrays go in and come out, as a promise in the mode webgpu and where threads compute. */
export interface Kernel {
  (a: Rows, b: Rows): Rows | Promise<Rows>;
  readonly kernel: {
    /** Its mode says "gpu" in WebGL 2. */
    readonly constructor: { readonly mode?: string };
    readonly fallbackReason?: string | null;
  };
}
export interface Gpu {
  createKernel(
    body: (...inputs: never) => number,
    settings?: { readonly asyncMode?: boolean; readonly poolSize?: number },
  ): {
    setOutput(size: readonly number[]): { setConstants(constants: Readonly<Record<string, number>>): Kernel };
  };
  destroy(): Promise<void>;
}

/** A `GPU` of gpu.js. */
export async function makeGpu(mode: Mode): Promise<Gpu> {
  const { default: library } = (await import("gpu.js")) as unknown as {
    readonly default: { readonly GPU: new (options: { readonly mode: Mode }) => Gpu };
  };
  return new library.GPU({ mode });
}
