import { BackendError, ConfigError, kernelBackend, type Backend } from "@tenon/tensor";
import { farPages, hasFarMemory, hasRelaxedSimd, hasSimd, nearPages } from "@tenon/wasm-assembler";

import { Engine } from "./engine.ts";
import { allKernels, halves, kernelTable } from "./kernels/index.ts";
import type { Activations } from "./kernels/quantized-linear.ts";
import { wasmStorage } from "./storage.ts";
import { builtin, hasBuiltins } from "./threads/builtin.ts";
import { WorkersUnavailable } from "./threads/pool.ts";

/** How {@link wasm} computes. */
export interface WasmOptions {
  /**
   * How many threads compute, the caller's included: a whole number from 1 up. Where workers or shared memory are not to be had, one
   * computes alone, and the backend's name says why. Default: as many as the machine has cores, at most 8.
   */
  readonly threads?: number;
  /**
   * Whether to use relaxed SIMD, which multiplies and adds in one instruction, rounding once. Default: where the engine has it (Node 22,
   * Chromium 114 …). `true` throws `ConfigError` where it has not; `false` gives the same bits on every engine.
   */
  readonly relaxed?: boolean;
  /**
   * How activations meet a quantised weight: `"f32"`, as they are, or `"8-bit"`, rounded on the way in groups as large as the weight's, so
   * that whole numbers are multiplied: several times as fast, and less exact (7 bits with relaxed SIMD, 11 without). It
   * concerns weights that variables hold, of groups of 16, 32 …; others are multiplied as floats. Default `"f32"`.
   */
  readonly activations?: Activations;
  /**
   * Let V8 join pairs of 128-bit instructions into 256-bit ones: products of matrices run 1.6 to 2 times as fast on a processor with AVX2, and
   * about half as fast on one without. An experiment of V8's own, for Node 24 and later with relaxed SIMD: it sets the process-wide flag
   * `--experimental-wasm-revectorize` before anything is compiled. Elsewhere, and with `memory` above 4096, where V8 joins nothing, it throws
   * `ConfigError`. Default false.
   */
  readonly revectorize?: boolean;
  /**
   * The most memory, in MiB, from 4 to 16,384. 32-bit addresses reach 4096; above, they have 64 bits, for which it takes Node 24,
   * Chromium 133 or Deno: others throw `ConfigError`. A single tensor stays below 4 GiB in any case. Default 4096.
   */
  readonly memory?: number;
}

/** The backend that {@link wasm} makes. */
export interface WasmBackend extends Backend {
  /**
   * What computes, such as `wasm (relaxed SIMD, 2 threads)`: why it is one thread where more were asked for, and `64-bit memory` where that
   * was.
   */
  readonly name: string;
  /** How many threads compute. */
  readonly threads: number;
  /** Whether relaxed SIMD is used. */
  readonly relaxed: boolean;
  /** Stops the threads; whatever is computed afterwards throws `BackendError`. A program ends without it, too. */
  close(): void;
}

/**
 * The backend in WebAssembly: 128-bit SIMD, and threads over one shared memory. Results do not depend on the number of threads.
 *
 * Throws `ConfigError` for an option that cannot be had and `BackendError` for an engine without WebAssembly SIMD.
 *
 * @example
 * ```ts
 * const on = await wasm({ threads: 1, relaxed: false });
 * console.log(on.name); // wasm (SIMD, 1 thread)
 * console.log(await matmul(tensor([1, 2], [1, 2], on), tensor([3, 4], [2, 1], on)).read()); // Float32Array(1) [ 11 ]
 * ```
 */
export async function wasm({
  threads,
  relaxed,
  activations = "f32",
  revectorize = false,
  memory = 4096,
}: WasmOptions = {}): Promise<WasmBackend> {
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1))
    throw new ConfigError(`wasm: threads must be a whole number from 1 up, got ${String(threads)}`, { threads });
  if (relaxed !== undefined && typeof relaxed !== "boolean")
    throw new ConfigError(`wasm: relaxed must be true or false, got ${String(relaxed)}`, { relaxed });
  if (activations !== "f32" && activations !== "8-bit")
    throw new ConfigError(`wasm: activations must be "f32" or "8-bit", got ${String(activations)}`, { activations });
  if (!(memory >= 4 && memory <= most(farPages)))
    throw new ConfigError(`wasm: memory must be a number of MiB from 4 to ${most(farPages)}, got ${String(memory)}`, {
      memory,
    });
  const able = detect();
  if (relaxed === true && !able)
    throw new ConfigError(
      "wasm: this engine has no relaxed SIMD, or one that computes wrongly; leave the option out to use it where it is",
      { relaxed },
    );
  if (typeof revectorize !== "boolean")
    throw new ConfigError(`wasm: revectorize must be true or false, got ${String(revectorize)}`, { revectorize });
  if (memory > most(nearPages) && !hasFarMemory())
    throw new ConfigError(
      `wasm: a memory of ${memory} MiB needs 64-bit addresses, which this engine does without: Node 24, Chromium 133 and Deno have ` +
        `them. Give ${most(nearPages)} or less`,
      { memory },
    );
  if (revectorize && memory > most(nearPages))
    throw new ConfigError(
      `wasm: revectorize is of no use with a memory of more than ${most(nearPages)} MiB, got ${memory}: V8 joins no vectors there; leave one out`,
      { revectorize, memory },
    );
  if (revectorize) startRevectorizing(relaxed ?? able);
  const maximumPages = Math.floor(memory * pagesPerMegabyte);
  const options = { relaxed: relaxed ?? able, wide: revectorize, kernels: allKernels, maximumPages };
  // Each thread has a megabyte to work in.
  const wanted = threads ?? Math.max(1, Math.min(8, cores(), Math.floor(memory) - 2));
  if (memory < wanted + 2)
    throw new ConfigError(
      `wasm: ${wanted} threads need a memory of ${wanted + 2} MiB or more, got ${memory}; give fewer threads or more memory`,
      { threads, memory },
    );
  const alone = wanted > 1 ? whyAlone() : undefined;
  if (alone !== undefined) return backend(await Engine.start({ ...options, threads: 1 }), activations, alone);
  try {
    return backend(await Engine.start({ ...options, threads: wanted }), activations);
  } catch (cause) {
    if (!(cause instanceof WorkersUnavailable)) throw cause;
    return backend(await Engine.start({ ...options, threads: 1 }), activations, cause.message);
  }
}

const pagesPerMegabyte = 16;
const most = (pages: number): number => pages / pagesPerMegabyte;

/** Whether there is relaxed SIMD. Throws `BackendError` where there is no SIMD at all, or nothing may be compiled. */
function detect(): boolean {
  if (typeof WebAssembly === "undefined" || !hasSimd())
    throw new BackendError(
      "wasm: this engine has no WebAssembly SIMD, which Chrome 91, Firefox 89, Safari 16.4 and Node 16.4 brought; use cpu() instead",
    );
  try {
    return hasRelaxedSimd();
  } catch (cause) {
    throw new BackendError(
      "wasm: WebAssembly must not be compiled here. A page's content security policy allows it with script-src 'wasm-unsafe-eval'; use cpu() otherwise",
      {},
      { cause },
    );
  }
}

function backend(engine: Engine, activations: Activations, alone?: string): WasmBackend {
  const { relaxed, wide, far, threads } = engine;
  const what = [
    relaxed ? "relaxed SIMD" : "SIMD",
    ...(wide ? ["revectorized"] : []),
    (threads === 1 ? "1 thread" : `${threads} threads`) + (alone === undefined ? "" : `: ${alone}`),
    ...(far ? ["64-bit memory"] : []),
  ];
  const on = kernelBackend({
    name: `wasm (${what.join(", ")})`,
    storage: wasmStorage(engine),
    kernels: kernelTable(engine, activations),
    halves,
  });
  return Object.assign(on, { threads, relaxed, close: () => engine.close() });
}

/** Sets V8's flag, for this process and its workers. It takes effect for what is compiled from now on. */
function startRevectorizing(relaxed: boolean): void {
  const { process } = globalThis as {
    process?: { versions: { node?: string; v8?: string; bun?: string; deno?: string } };
  };
  const { node, v8, bun, deno } = process?.versions ?? {};
  const able = node !== undefined && bun === undefined && deno === undefined && parseInt(v8!, 10) >= 13;
  if (!able || !relaxed)
    throw new ConfigError(
      `wasm: revectorize needs Node 24 or later, and relaxed SIMD${able ? ", which this call does without" : ""}; leave it out`,
      { revectorize: true, node, v8 },
    );
  builtin<{ setFlagsFromString: (flag: string) => void }>("node:v8").setFlagsFromString(
    "--experimental-wasm-revectorize",
  );
}

/** Why there cannot be several threads here. */
function whyAlone(): string | undefined {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  // Chromium makes shared memories on any page, but shows them to workers on isolated pages alone.
  if (typeof SharedArrayBuffer === "undefined" || (crossOriginIsolated === false && !hasBuiltins()))
    return "this page is not cross-origin isolated";
  return typeof Worker === "undefined" && !hasBuiltins() ? "there are no workers here" : undefined;
}

function cores(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return (
    navigator?.hardwareConcurrency ?? builtin<{ availableParallelism: () => number }>("node:os").availableParallelism() // Node 20 has no navigator
  );
}
