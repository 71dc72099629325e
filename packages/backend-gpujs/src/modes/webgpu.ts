import { BackendError } from "@tenon/tensor";

import type { Device } from "../device.ts";
import type { GpuJs, GpuJsLibrary, WebGpuContext, WebGpuResult } from "../library.ts";

/** STORAGE, COPY_SRC and COPY_DST of WebGPU's GPUBufferUsage, which Node has no object for. */
const usage = 0x80 | 0x4 | 0x8;

/** The mode `webgpu`: an array is a buffer. Throws `BackendError` where no adapter answers. */
export async function webgpuDevice(library: GpuJsLibrary, gpu: GpuJs, real: boolean): Promise<Device> {
  const { WebGPUContext, WebGPUBufferResult } = library;
  let context: WebGpuContext;
  try {
    context = await WebGPUContext.acquire();
  } catch (cause) {
    throw new BackendError(`gpujs (webgpu): ${(cause as Error).message}`, {}, { cause });
  }
  const { device, adapter } = context;
  const { isFallbackAdapter = false, architecture = "" } = adapter.info ?? {};
  if (real && (isFallbackAdapter || architecture === "swiftshader"))
    throw new BackendError("gpujs (webgpu): there is no graphics device; the processor imitates one");
  // gpu.js prints what the device reports, and goes on with zeros.
  let reported: string | undefined;
  (device as unknown as EventTarget).addEventListener("uncapturederror", (event) => {
    reported ??= (event as Event & { readonly error: { readonly message: string } }).error.message;
  });
  // Results are read through one kernel, so that the buffers for reading are shared.
  const reader = gpu.createKernel("function one() { return 1; }", { output: [1], pipeline: true, immutable: true });
  ((await reader()) as WebGpuResult).delete();
  const most = Math.floor(Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize) / 4);
  const lost = (): string | undefined => {
    if (context.isLost)
      return "the WebGPU device was lost, and what was on it; make a new backend and load the model again";
    return reported === undefined ? undefined : `WebGPU reports: ${reported}`;
  };
  return {
    mode: "webgpu",
    square: false,
    fours: "numbers",
    tile: [2, 2],
    named: false,
    // WGSL's compilers may take it that nothing is NaN, and drop x !== x. Of NaN and a number the smaller, and the larger, is the number.
    isNaN: (x) => `(Math.max(${x}, -1) === -1 && Math.min(${x}, 1) === 1)`,
    lost,
    expectRoom(elements, what) {
      if (elements > most)
        throw new BackendError(
          `gpujs (webgpu): ${what} has ${elements} elements, and the largest buffer of this device ${most}; use the mode "webasm"`,
        );
    },
    upload(data) {
      const buffer = device.createBuffer({ size: data.byteLength, usage });
      device.queue.writeBuffer(buffer, 0, data);
      return new WebGPUBufferResult({ buffer, output: [data.length], context, kernel: reader.kernel });
    },
    async read(handle, elements) {
      const { buffer } = handle as WebGpuResult;
      const flat = new WebGPUBufferResult({ buffer, output: [elements], context, kernel: reader.kernel });
      try {
        const data = (await flat.toArray()) as Float32Array;
        const why = lost();
        if (why !== undefined) throw new BackendError(`gpujs (webgpu): ${why}`);
        return data;
      } finally {
        flat.delete();
      }
    },
    view: (handle, shape) =>
      Object.create(handle, { output: { value: shape.toReversed() }, type: { value: "WebGPUBuffer" } }) as unknown,
    take(made) {
      (made as WebGpuResult).componentCount = 1; // four numbers lie as four elements, but gpu.js takes no vectors
      return made;
    },
    free: (handle) => (handle as WebGpuResult).delete(),
    close: () => undefined,
  };
}
