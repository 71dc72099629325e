import { BackendError, ConfigError, kernelBackend, type Backend } from "@tenon/tensor";

import { Engine } from "./engine.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import { allKernels, halves, kernelTable } from "./kernels/index.ts";
import { wasmStorage } from "./storage.ts";
import { builtin } from "./threads/builtin.ts";
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
  /** The most memory, in MiB, from 4 to 4096. Default 4096, what 32-bit addresses reach. */
  readonly memory?: number;
}

/** The backend that {@link wasm} makes. */
export interface WasmBackend extends Backend {
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
export async function wasm({ threads, relaxed, memory = 4096 }: WasmOptions = {}): Promise<WasmBackend> {
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1))
    throw new ConfigError(`wasm: threads must be a whole number from 1 up, got ${String(threads)}`, { threads });
  if (relaxed !== undefined && typeof relaxed !== "boolean")
    throw new ConfigError(`wasm: relaxed must be true or false, got ${String(relaxed)}`, { relaxed });
  if (!(memory >= 4 && memory <= 4096))
    throw new ConfigError(`wasm: memory must be a number of MiB from 4 to 4096, got ${String(memory)}`, { memory });
  if (!hasSimd())
    throw new BackendError(
      "wasm: this engine has no WebAssembly SIMD, which Chrome 91, Firefox 89, Safari 16.4 and Node 16.4 brought; use cpu() instead",
    );
  const able = hasRelaxedSimd();
  if (relaxed === true && !able)
    throw new ConfigError(
      "wasm: this engine has no relaxed SIMD, or one that computes wrongly; leave the option out to use it where it is",
      { relaxed },
    );
  const options = { relaxed: relaxed ?? able, kernels: allKernels, maximumPages: memory * 16 };
  const wanted = threads ?? Math.min(8, cores());
  const alone = wanted > 1 ? whyAlone() : undefined;
  if (alone !== undefined) return backend(await Engine.start({ ...options, threads: 1 }), alone);
  try {
    return backend(await Engine.start({ ...options, threads: wanted }));
  } catch (cause) {
    if (!(cause instanceof WorkersUnavailable)) throw cause;
    return backend(await Engine.start({ ...options, threads: 1 }), cause.message);
  }
}

function backend(engine: Engine, alone?: string): WasmBackend {
  const { relaxed, threads } = engine;
  const count = threads === 1 ? "1 thread" : `${threads} threads`;
  const on = kernelBackend({
    name: `wasm (${relaxed ? "relaxed " : ""}SIMD, ${count}${alone === undefined ? "" : `: ${alone}`})`,
    storage: wasmStorage(engine),
    kernels: kernelTable(engine),
    halves,
  });
  return Object.assign(on, { threads, relaxed, close: () => engine.close() });
}

/** Why there cannot be several threads here. */
function whyAlone(): string | undefined {
  // Chromium makes shared memories on any page, but shows them to workers on isolated pages alone.
  if (typeof SharedArrayBuffer === "undefined") return "this page is not cross-origin isolated";
  return (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false
    ? "this page is not cross-origin isolated"
    : undefined;
}

function cores(): number {
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return (
    navigator?.hardwareConcurrency ?? builtin<{ availableParallelism: () => number }>("node:os").availableParallelism() // Node 20 has no navigator
  );
}
