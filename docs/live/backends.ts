import type { Backend } from "@tenon/tensor";

/** What an example may run on, as one writes it. */
export type LiveBackend = "cpu()" | "wasm()" | `gpujs({ mode: "${"webasm" | "webgl2" | "webgpu"}" })`;

/** Makes each of them; what is not asked for is not loaded. */
export const backends: { readonly [name in LiveBackend]: () => Promise<Backend> } = {
  "cpu()": async () => (await import("@tenon/tensor")).cpu(),
  "wasm()": async () => (await import("@tenon/backend-wasm")).wasm(),
  'gpujs({ mode: "webasm" })': () => gpujs("webasm"),
  'gpujs({ mode: "webgl2" })': () => gpujs("webgl2"),
  'gpujs({ mode: "webgpu" })': () => gpujs("webgpu"),
};

async function gpujs(mode: "webasm" | "webgl2" | "webgpu"): Promise<Backend> {
  return (await import("@tenon/backend-gpujs")).gpujs({ mode });
}
