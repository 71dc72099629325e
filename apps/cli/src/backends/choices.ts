import type { GpujsOptions } from "@tenon/backend-gpujs";
import { wasm } from "@tenon/backend-wasm";
import { type Backend, cpu } from "@tenon/tensor";

/** A backend as a command has it: to be closed when the command is over, where it has something to close. */
export interface Computing extends Backend {
  readonly threads?: number;
  close?(): void;
}

type Mode = NonNullable<GpujsOptions["mode"]>;

/** What `--backend` takes. */
export type BackendName = "wasm" | "wasm:revectorize" | "cpu" | "gpujs" | `gpujs:${Mode}`;

/** What computes unless another is asked for. */
export const usualBackend: BackendName = "wasm";

/** gpu.js is read only where someone asks for it, and need not be installed otherwise. */
const gpujs = async (mode: Mode): Promise<Computing> => (await import("@tenon/backend-gpujs")).gpujs({ mode });

/** What can compute. */
export const backends: { readonly [name in BackendName]: () => Computing | Promise<Computing> } = {
  wasm: () => wasm(),
  "wasm:revectorize": () => wasm({ revectorize: true }),
  cpu: () => cpu(),
  gpujs: () => gpujs("auto"),
  "gpujs:auto": () => gpujs("auto"),
  "gpujs:webgpu": () => gpujs("webgpu"),
  "gpujs:webgl2": () => gpujs("webgl2"),
  "gpujs:webasm": () => gpujs("webasm"),
  "gpujs:cpu": () => gpujs("cpu"),
};
