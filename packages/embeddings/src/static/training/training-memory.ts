import { ConfigError } from "@tenon/tensor";
import { farPages, hasFarMemory, type MemoryLimits, nearPages, newMemory, pageBytes } from "@tenon/wasm-assembler";

/** The memory of a training run, and what a module that imports it must say of it. */
export interface TrainingMemory {
  readonly memory: WebAssembly.Memory;
  readonly limits: MemoryLimits;
}

const inGigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 3 : 1)} GiB`;

/**
 * A memory of so many bytes, shared where several threads work on it. Beyond 4 GiB its addresses have 64 bits, where the engine has such.
 *
 * Throws a ConfigError where the engine or the machine cannot give that much, or where threads cannot share memory.
 */
export function trainingMemory(bytes: number, shared: boolean): TrainingMemory {
  const pages = Math.ceil(bytes / pageBytes);
  const far = pages > nearPages;
  const remedy = "Take a smaller width, or a higher minimum count, which leaves fewer words";
  if (pages > farPages || (far && !hasFarMemory())) {
    throw new ConfigError(
      `the training needs ${inGigabytes(bytes)} of memory, and WebAssembly gives ${far && hasFarMemory() ? 16 : 4} GiB here. ${remedy}.`,
      { bytes },
    );
  }
  if (shared && typeof SharedArrayBuffer === "undefined") {
    throw new ConfigError(
      "several threads need memory that they share, which a page has only where it is cross-origin isolated (headers COOP and COEP). " +
        "Set these, or train with threads: 1.",
    );
  }
  try {
    const memory = newMemory(pages, { shared, maximumPages: pages, far });
    return { memory, limits: { initialPages: pages, maximumPages: pages, shared, far } };
  } catch (cause) {
    throw new ConfigError(
      `the training needs ${inGigabytes(bytes)} of memory, which this machine does not give (${(cause as Error).message}). ${remedy}.`,
      { bytes },
      { cause },
    );
  }
}
