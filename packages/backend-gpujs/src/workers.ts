import type { GpuJsKernel, WorkerPool } from "./library.ts";

/** The workers of the mode webasm, shared by all kernels: left alone, gpu.js starts some for each of them. */
export class SharedWorkers {
  #pool: WorkerPool | undefined;

  /** Keeps the workers that the first kernel with work for some has started. */
  adopt(kernel: GpuJsKernel): void {
    this.#pool ??= kernel._pool ?? undefined;
  }
  /** Gives them to a kernel that has not run yet. */
  lend(kernel: GpuJsKernel): void {
    if (this.#pool !== undefined) kernel._pool = this.#pool;
  }
  /** Makes them forget a kernel that is about to be destroyed, which would otherwise end them. */
  takeBack(kernel: GpuJsKernel): void {
    if (this.#pool === undefined || kernel._pool !== this.#pool) return;
    for (const { id } of kernel._moduleCache?.values() ?? []) this.#pool.release(id);
    kernel._pool = null;
  }
  close(): void {
    this.#pool?.destroy();
  }
}
