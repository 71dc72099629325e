import { BackendError, ConfigError, kernelBackend, type Backend } from "@tenon/tensor";

import { modes, type Device, type Mode } from "./device.ts";
import { Engine } from "./engine.ts";
import { halves, kernelTable } from "./kernels/index.ts";
import { loadLibrary, type GpuJs, type GpuJsLibrary } from "./library.ts";
import { hostDevice } from "./modes/host.ts";
import { webgl2Device } from "./modes/webgl2.ts";
import { webgpuDevice } from "./modes/webgpu.ts";
import { gpujsStorage } from "./storage.ts";
import { threadsFor } from "./threads.ts";

export type { Mode };

/** How {@link gpujs} computes. */
export interface GpujsOptions {
  /** What gpu.js computes with; `"auto"`, the default, takes the first that works here of webgpu and webgl2 on a graphics device, webasm and cpu. */
  readonly mode?: Mode | "auto";
  /** How many threads compute in the mode webasm, where there is shared memory. Default: as many as the machine has cores, at most 8. */
  readonly threads?: number;
  /** Lets kernels run in gpu.js's mode cpu where gpu.js would move them there by itself, which it does in webgl2 and webasm; `moved` counts them. Default false: they are errors. */
  readonly fallback?: boolean;
}

/** A backend through gpu.js. */
export interface GpujsBackend extends Backend {
  /** What gpu.js computes with: what `"auto"` has found, too. */
  readonly mode: Mode;
  /** How many threads compute: 1 in all modes but webasm. */
  readonly threads: number;
  /** How many kernels were compiled so far. */
  readonly compiled: number;
  /** How many textures, buffers or arrays are alive. */
  readonly arrays: number;
  /** How often each kernel ran in gpu.js's mode cpu instead; see `fallback`. */
  readonly moved: ReadonlyMap<string, number>;
  /** Frees everything: tensors, kernels, threads and the WebGL context. */
  close(): void;
}

/**
 * The backend through gpu.js: the same model in WebGL2, WebGPU, WebAssembly and plain JavaScript.
 *
 * Numbers are 32-bit floats in every mode: whole numbers from 2²⁴ on are refused, and weights of 16, 8 or 4 bits take as much room
 * as f32. Throws `ConfigError` for an unknown option, and `BackendError` where the mode does not work or gpu.js is not installed.
 *
 * @example
 * ```ts
 * const on = await gpujs({ mode: "webasm", threads: 1 });
 * console.log(await add(tensor([1, 2], [2], on), 1).read()); // Float32Array(2) [ 2, 3 ]
 * on.close();
 * ```
 */
export async function gpujs(options: GpujsOptions = {}): Promise<GpujsBackend> {
  const { mode = "auto", threads, fallback = false } = checked(options);
  const library = await loadLibrary();
  if (mode !== "auto") return start(library, mode, threads, fallback);
  const refused: string[] = [];
  for (const each of modes) {
    try {
      return await start(library, each, threads, fallback, true);
    } catch (cause) {
      refused.push((cause as Error).message);
    }
  }
  throw new BackendError(`gpujs: no mode works here. ${refused.join("; ")}`, { refused });
}

const known = ["mode", "threads", "fallback"];
function checked(options: GpujsOptions): GpujsOptions {
  const { mode = "auto", threads, fallback } = options;
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new ConfigError(`gpujs: there is no option ${JSON.stringify(key)}; there are ${known.join(", ")}`, { key });
  if (mode !== "auto" && !modes.includes(mode))
    throw new ConfigError(
      `gpujs: there is no mode ${JSON.stringify(mode)}; choose from auto, ${modes.join(", ")}. gpu.js's other modes are not used: "webgl" has no whole numbers in its shaders, and "headlessgl" needs a native build`,
      { mode },
    );
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1))
    throw new ConfigError(`gpujs: threads must be a whole number from 1 up, got ${threads}`, { threads });
  if (threads !== undefined && threads > 1 && mode !== "webasm" && mode !== "auto")
    throw new ConfigError(
      `gpujs: the mode "${mode}" has no threads to set; leave threads out, or choose the mode "webasm"`,
      {
        mode,
        threads,
      },
    );
  if (fallback !== undefined && typeof fallback !== "boolean")
    throw new ConfigError(`gpujs: fallback must be true or false, got ${String(fallback)}`, { fallback });
  return options;
}

/** `real`: a graphics device that a processor only imitates is refused, since webasm is faster there. */
async function start(
  library: GpuJsLibrary,
  mode: Mode,
  wanted: number | undefined,
  fallback: boolean,
  real = false,
): Promise<GpujsBackend> {
  const gpu = make(library, mode);
  const device = await deviceOf(library, gpu, mode, real).catch(async (cause: unknown) => {
    await gpu.destroy().catch(() => undefined); // a page has room for 16 contexts of WebGL
    throw cause;
  });
  const { threads, alone } = mode === "webasm" ? await threadsFor(library, wanted) : { threads: 1 };
  const count = threads === 1 ? "1 thread" : `${threads} threads`;
  const name =
    mode === "webasm" ? `gpujs (webasm, ${count}${alone === undefined ? "" : `: ${alone}`})` : `gpujs (${mode})`;
  const spare = (): Engine => new Engine(make(library, "cpu"), hostDevice(library, "cpu"), "gpujs (cpu)");
  const engine = new Engine(gpu, device, name, threads, fallback ? spare : undefined);
  const on = kernelBackend({ name, storage: gpujsStorage(engine), kernels: kernelTable(engine), halves });
  return Object.defineProperties(on, {
    mode: { value: mode, enumerable: true },
    threads: { value: threads, enumerable: true },
    compiled: { get: () => engine.compiled },
    arrays: { get: () => engine.arrays },
    moved: { get: () => engine.moved },
    close: { value: () => engine.close() },
  }) as GpujsBackend;
}

function make(library: GpuJsLibrary, mode: Mode): GpuJs {
  try {
    return new library.GPU({ mode });
  } catch (cause) {
    throw new BackendError(`gpujs (${mode}): this mode does not work here: ${missing[mode]}`, { mode }, { cause });
  }
}
const missing: { readonly [M in Mode]: string } = {
  webgpu: "there is no navigator.gpu, which Chrome 113 brought",
  webgl2: "there is no WebGL2, which needs a browser, or the graphics device is blocked",
  webasm: "there is no WebAssembly",
  cpu: "gpu.js does not start",
};

async function deviceOf(library: GpuJsLibrary, gpu: GpuJs, mode: Mode, real: boolean): Promise<Device> {
  switch (mode) {
    case "webgpu":
      return webgpuDevice(library, gpu, real);
    case "webgl2":
      return webgl2Device(library, gpu, real);
    default:
      return hostDevice(library, mode);
  }
}
