/** What can compute, by the names that the command line has for them, too. */
export const backendIds = ["wasm", "cpu", "gpujs:webgpu", "gpujs:webgl2", "gpujs:webasm", "gpujs:cpu"] as const;
export type BackendId = (typeof backendIds)[number];

/** How they are called on the page. */
export const backendTitles: { readonly [id in BackendId]: string } = {
  wasm: "WebAssembly",
  cpu: "Plain JavaScript",
  "gpujs:webgpu": "gpu.js, WebGPU",
  "gpujs:webgl2": "gpu.js, WebGL2",
  "gpujs:webasm": "gpu.js, WebAssembly",
  "gpujs:cpu": "gpu.js, plain JavaScript",
};

/** What computes unless another is chosen. */
export const usualBackend: BackendId = "wasm";
