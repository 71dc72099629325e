import { type Backend, cpu } from "@tenon/tensor";

import type { BackendId } from "./backend-id.ts";

/** A backend, to be closed when nobody computes on it any more. */
export interface Computing {
  readonly id: BackendId;
  readonly backend: Backend;
  close(): void;
}

/**
 * Makes the backend of that name, for workers. Those of packages of their own are loaded when they are asked for: gpu.js alone is as large as all of the page before.
 *
 * Throws `BackendError` for one that does not work in this browser.
 */
export async function makeBackend(id: BackendId): Promise<Computing> {
  switch (id) {
    case "cpu":
      return { id, backend: cpu(), close: () => undefined };
    case "wasm": {
      const { wasm } = await import("@tenon/backend-wasm");
      const backend = await wasm();
      return { id, backend, close: () => backend.close() };
    }
    case "gpujs:webgpu":
      return gpujs(id, "webgpu");
    case "gpujs:webgl2":
      return gpujs(id, "webgl2");
    case "gpujs:webasm":
      return gpujs(id, "webasm");
    case "gpujs:cpu":
      return gpujs(id, "cpu");
  }
}

async function gpujs(id: BackendId, mode: "webgpu" | "webgl2" | "webasm" | "cpu"): Promise<Computing> {
  const { gpujs: make } = await import("@tenon/backend-gpujs");
  const backend = await make({ mode });
  return { id, backend, close: () => backend.close() };
}
