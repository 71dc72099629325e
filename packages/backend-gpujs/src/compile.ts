import type { GpuJs, GpuJsFunction, GpuJsKernel } from "./library.ts";
import type { Written } from "./written.ts";

/** gpu.js would run a kernel in its mode cpu. */
export class CannotCompile extends Error {}

/** What a kernel's results beyond the first are called: the functions that it hands them to. */
export const moreResults = (more: number): string[] => Array.from({ length: more }, (_, i) => `more${i + 1}`);

/** Has gpu.js make a kernel; it is compiled when it is first called. What gpu.js would do silently is an error. */
export function compile(
  gpu: GpuJs,
  { sizes, source, functions }: Written,
  more: number,
  threads: number,
): GpuJsFunction {
  const settings = {
    output: sizes,
    // The result stays on the device, and the next call makes another.
    pipeline: true,
    immutable: true,
    precision: "single",
    tactic: "precision",
    functions,
    loopMaxIterations: 2 ** 31 - 1,
    asyncMode: threads > 1,
    poolSize: threads,
    onRequestFallback(this: GpuJsKernel) {
      throw new CannotCompile(this.fallbackReason ?? "gpu.js does not say why");
    },
    onRequestSwitchKernel(reasons: readonly { readonly type: string }[]) {
      throw new Error(`gpu.js would compile it again: ${reasons.map(({ type }) => type).join(", ")}`);
    },
  };
  if (more === 0) return gpu.createKernel(source, settings);
  const takers = moreResults(more).map((name) => [name, `function ${name}(a, b, c, d) { return [a, b, c, d]; }`]);
  return gpu.createKernelMap(Object.fromEntries(takers) as Record<string, string>, source, settings);
}
