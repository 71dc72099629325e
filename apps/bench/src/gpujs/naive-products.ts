import type { Gpu, Kernel, Mode } from "./gpu.ts";
import type { Product, Rows } from "./naive.ts";

/** What a kernel's `this` is. */
interface Thread {
  readonly thread: { readonly x: number; readonly y: number };
  readonly constants: { readonly k: number };
}

/** Products of matrices by gpu.js: arrays in, arrays out, one kernel for each shape. Throws where gpu.js computes in another mode. */
export function gpuProducts(gpu: Gpu, mode: Mode, threads: number): Product {
  const kernels = new Map<string, Kernel>();
  return async (a, b) => {
    const [m, k, n] = [a.length, b.length, b[0]!.length];
    const shape = `${m}×${k}×${n}`;
    const known = kernels.get(shape);
    if (known !== undefined) return known(a, b);
    const kernel = create(gpu, m, k, n, threads);
    kernels.set(shape, kernel);
    const result = await kernel(a, b);
    const { constructor: made, fallbackReason } = kernel.kernel;
    // Of a kernel that it cannot compile gpu.js only warns.
    if (mode !== "cpu" && made.mode === "cpu")
      throw new Error(`gpu.js computes in the mode cpu, not ${mode}: ${fallbackReason ?? "it does not say why"}`);
    return result;
  };
}

function create(gpu: Gpu, m: number, k: number, n: number, threads: number): Kernel {
  return gpu
    .createKernel(
      function (this: Thread, a: Rows, b: Rows) {
        let sum = 0;
        // gpu.js ends a loop after 1000 rounds, silently, unless a constant bounds it.
        for (let i = 0; i < this.constants.k; i++) {
          sum += a[this.thread.y]![i]! * b[i]![this.thread.x]!;
        }
        return sum;
      },
      // Threads compute for those who wait for promises.
      threads > 1 ? { asyncMode: true, poolSize: threads } : {},
    )
    .setOutput([n, m])
    .setConstants({ k });
}
