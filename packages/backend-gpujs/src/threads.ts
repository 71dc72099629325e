import type { GpuJsLibrary } from "./library.ts";

/** How many threads compute in the mode webasm, and why there is only one where more were to be had. */
export async function threadsFor(
  { WebAssemblyKernel }: GpuJsLibrary,
  wanted: number | undefined,
): Promise<{ readonly threads: number; readonly alone?: string }> {
  const threads = wanted ?? Math.min(8, cores());
  if (threads === 1) return { threads };
  const { crossOriginIsolated, Worker } = globalThis as { crossOriginIsolated?: boolean; Worker?: unknown };
  if (!WebAssemblyKernel.isThreadsSupported || (crossOriginIsolated === false && !inNode()))
    return { threads: 1, alone: "this page is not cross-origin isolated" };
  if (!inNode() && (Worker === undefined || !(await workersStart())))
    return { threads: 1, alone: "a content security policy forbids workers from blob: (worker-src)" };
  return { threads };
}

const inNode = (): boolean => {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node !== undefined;
};

function cores(): number {
  const { navigator, process } = globalThis as {
    navigator?: { hardwareConcurrency?: number };
    process?: { getBuiltinModule(name: string): { availableParallelism(): number } };
  };
  return navigator?.hardwareConcurrency ?? process?.getBuiltinModule("node:os").availableParallelism() ?? 1; // Node 20 has no navigator
}

/** gpu.js starts its workers from a blob; a policy that forbids that shows only when one is tried. */
function workersStart(): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const url = URL.createObjectURL(new Blob(["postMessage(0)"], { type: "text/javascript" }));
      const worker = new Worker(url);
      const end = (works: boolean): void => {
        worker.terminate();
        URL.revokeObjectURL(url);
        resolve(works);
      };
      worker.addEventListener("message", () => end(true));
      worker.addEventListener("error", () => end(false));
    } catch {
      resolve(false);
    }
  });
}
