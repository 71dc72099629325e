import type { Backend } from "../backend.ts";
import { cpuPrimitives, halfKernels } from "../cpu/cpu.ts";
import { fusedKernels } from "../cpu/fused.ts";
import { cpuStorage, type Data } from "../cpu/storage.ts";
import { kernelBackend } from "../kernel-backend.ts";
import type { AnyKernel, AnyRun, KernelTable, Storage } from "../kernel.ts";

/** What {@link alteredCpu} changes. */
export interface Alterations {
  /** By op: a kernel out of cpu's own. Which calls it accepts stays as it is. */
  readonly kernels?: { readonly [op: string]: (run: AnyRun<Data>) => AnyRun<Data> };
  readonly storage?: (storage: Storage<Data>) => Storage<Data>;
}

/** cpu with some kernels or its storage replaced, for tests of whether a defect is noticed. Throws for an op that cpu has no kernel for. */
export function alteredCpu({ kernels = {}, storage = (same) => same }: Alterations): Backend {
  const table = { ...cpuPrimitives, ...fusedKernels } as unknown as Record<string, AnyKernel<Data>>;
  for (const [op, alter] of Object.entries(kernels)) {
    const kernel = table[op];
    if (kernel === undefined) throw new Error(`cpu has no kernel for ${op}, so none can be altered`);
    table[op] = typeof kernel === "function" ? alter(kernel) : { ...kernel, run: alter(kernel.run) };
  }
  return kernelBackend({
    name: "altered cpu",
    storage: storage(cpuStorage("f32")),
    kernels: table as unknown as KernelTable<Data>,
    halves: halfKernels,
  });
}
