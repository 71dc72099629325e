import type { Backend } from "../backend.ts";
import { cpuPrimitives, halfKernels } from "../cpu/cpu.ts";
import { fusedKernels } from "../cpu/fused.ts";
import { cpuStorage, type Data } from "../cpu/storage.ts";
import { kernelBackend } from "../kernel-backend.ts";
import type { KernelTable, Storage } from "../kernel.ts";
import type { Random } from "../random.ts";

type AnyRun = (...call: readonly unknown[]) => unknown;
type AnyKernel = AnyRun | { accepts: AnyRun; run: AnyRun };

/** Waits for a few turns of the microtask queue, or for a timer. */
async function pause(dice: Random): Promise<void> {
  if (dice.integer(8) === 0) await new Promise((resolve) => setTimeout(resolve, dice.integer(2)));
  else for (let turns = dice.integer(4); turns > 0; turns--) await Promise.resolve();
}

/** What no test expects in an array of this kind; the bits are those of a NaN in either half. */
function spoilt(data: Data): number {
  if (data instanceof Uint8Array || data instanceof Int8Array) return 7;
  return data instanceof Int32Array ? -(2 ** 30) : data instanceof Uint16Array ? 0x7fff : NaN;
}

/** Storage that spoils what it frees, so that a read after it shows, and that refuses to free twice. */
function poisoned(storage: Storage<Data>): Storage<Data> {
  const freed = new WeakSet<Data>();
  return {
    ...storage,
    free: (data) => {
      if (freed.has(data)) throw new Error("freed twice");
      freed.add(data);
      data.fill(spoilt(data));
    },
  };
}

/**
 * The kernels of cpu as a device would run them: each returns a promise, settles after a random while, and may fail. `broken`
 * kernels fail.
 */
export function promiseBackend(dice: Random, broken: readonly string[] = [], fused = true): Backend {
  const table = fused ? { ...cpuPrimitives, ...fusedKernels } : cpuPrimitives;
  const late =
    (name: string, run: AnyRun): AnyRun =>
    async (...call) => {
      await pause(dice);
      if (broken.includes(name)) throw new Error("device lost");
      return run(...call);
    };
  const kernels = Object.entries(table as unknown as Record<string, AnyKernel>).map(([name, kernel]) => [
    name,
    typeof kernel === "function" ? late(name, kernel) : { ...kernel, run: late(name, kernel.run) },
  ]);
  return kernelBackend({
    name: "promises",
    storage: poisoned(cpuStorage("f32")),
    kernels: Object.fromEntries(kernels) as KernelTable<Data>,
    halves: halfKernels,
  });
}
