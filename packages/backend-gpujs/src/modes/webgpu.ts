import { BackendError } from "@tenon/tensor";

import type { Device } from "../device.ts";
import type { GpuJs, GpuJsLibrary, WebGpuContext, WebGpuDevice, WebGpuResult } from "../library.ts";

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
  ownShaderErrors(device);
  // What is not freed when the backend is closed is freed then: the device goes on.
  const alive = new Set<WebGpuResult>();
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
      const made = new WebGPUBufferResult({ buffer, output: [data.length], context, kernel: reader.kernel });
      alive.add(made);
      return made;
    },
    async read(handle, elements) {
      const { buffer } = handle as WebGpuResult;
      const flat = new WebGPUBufferResult({ buffer, output: [elements], context, kernel: reader.kernel });
      try {
        const data = (await flat.toArray()) as Float32Array;
        const why = lost();
        if (why !== undefined) throw new BackendError(`gpujs (webgpu): ${why}`);
        return data;
      } catch (cause) {
        if (cause instanceof BackendError) throw cause;
        const why = lost() ?? `a result could not be read: ${(cause as Error).message}`;
        throw new BackendError(`gpujs (webgpu): ${why}`, {}, { cause });
      } finally {
        flat.delete();
      }
    },
    view: (handle, shape) =>
      Object.create(handle, { output: { value: shape.toReversed() }, type: { value: "WebGPUBuffer" } }) as unknown,
    take(made) {
      (made as WebGpuResult).componentCount = 1; // four numbers lie as four elements, but gpu.js takes no vectors
      alive.add(made as WebGpuResult);
      return made;
    },
    free(handle) {
      alive.delete(handle as WebGpuResult);
      (handle as WebGpuResult).delete();
    },
    close() {
      for (const handle of alive) handle.delete();
      alive.clear();
    },
  };
}

const owned = new WeakSet<WebGpuDevice>();
/** gpu.js asks a shader for its errors, and throws them. Without a scope around it they would be told as the device's own, too. */
function ownShaderErrors(device: WebGpuDevice): void {
  if (owned.has(device)) return;
  owned.add(device);
  const create = device.createShaderModule.bind(device);
  device.createShaderModule = (settings) => {
    device.pushErrorScope("validation");
    const module = create(settings);
    device.popErrorScope().catch(() => undefined); // the device is lost
    return module;
  };
}
