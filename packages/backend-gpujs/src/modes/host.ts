import { BackendError } from "@tenon/tensor";

import type { Device } from "../device.ts";
import type { GpuJsLibrary, GpuJsResult } from "../library.ts";

/** The modes `cpu` and `webasm`: arrays lie where JavaScript sees them. Throws `BackendError` where code must not be made at run time. */
export function hostDevice({ Input }: GpuJsLibrary, mode: "cpu" | "webasm"): Device {
  expectCompilation(mode);
  return {
    mode,
    square: false,
    fours: "numbers",
    // gpu.js's WebAssembly reads what is the same for four neighbours of a row once, and the rest one by one.
    tile: mode === "webasm" ? [4, 1] : [2, 2],
    named: mode === "cpu",
    isNaN: (x) => `(${x} !== ${x})`,
    lost: () => undefined,
    expectRoom(elements, what) {
      // A kernel's arrays share one memory in webasm, of 4 GiB at most.
      const most = mode === "webasm" ? 2 ** 29 : 2 ** 31;
      if (elements > most)
        throw new BackendError(`gpujs (${mode}): ${what} has ${elements} elements, more than the ${most} that fit`);
    },
    upload: (data) => data,
    read: (handle) => (handle as Float32Array).slice(),
    view: (handle, shape) => new Input(handle as Float32Array, shape.toReversed()),
    take: (made, elements) => flattened(made, elements),
    free: () => undefined,
    close: () => undefined,
  };
}

/** One array of what gpu.js gives as rows, or as planes of rows. */
function flattened(made: GpuJsResult, elements: number): Float32Array {
  if (made instanceof Float32Array) return made;
  const rows = (made as unknown[]).flat(3) as Float32Array[];
  const first = rows[0]!;
  // webasm cuts its rows out of one array.
  if (first.buffer.byteLength === 4 * elements) return new Float32Array(first.buffer);
  const flat = new Float32Array(elements);
  for (const [i, row] of rows.entries()) flat.set(row, i * first.length);
  return flat;
}

/** gpu.js makes functions, or modules, of text; a page's policy may forbid it, and gpu.js then goes on without them. */
function expectCompilation(mode: "cpu" | "webasm"): void {
  try {
    // oxlint-disable-next-line typescript/no-implied-eval -- it is what gpu.js does
    const made: unknown = mode === "cpu" ? new Function("return 1") : new WebAssembly.Module(emptyModule);
    void made;
  } catch (cause) {
    const [what, allowed, way] =
      mode === "cpu"
        ? ["functions from text", "'unsafe-eval'", "cpu() of @tenon/tensor needs none"]
        : ["WebAssembly", "'wasm-unsafe-eval'", "cpu() of @tenon/tensor needs none"];
    throw new BackendError(
      `gpujs (${mode}): gpu.js makes ${what}, which this page's content security policy forbids. It allows it with script-src ${allowed}; ${way}`,
      { mode },
      { cause },
    );
  }
}
const emptyModule = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
