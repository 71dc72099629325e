import { BackendError } from "@tenon/tensor";

import type { Device } from "../device.ts";
import type { GpuJs, GpuJsLibrary } from "../library.ts";

/** The texture of a tensor: one element to a texel, row by row, and the rest of the last row free. */
interface Handle {
  readonly texture: CountedTexture;
  readonly size: Int32Array;
  /** gpu.js's texture, when a kernel made it. */
  readonly made: MadeTexture | undefined;
  /** Numbers or vectors of four. */
  readonly type: TexelType;
}
type TexelType = "ArrayTexture(1)" | "ArrayTexture(4)";
/** gpu.js counts who uses a texture. */
type CountedTexture = WebGLTexture & { _refs?: number };
interface MadeTexture {
  readonly type: TexelType;
  readonly texture: CountedTexture;
  readonly size: Int32Array;
  clone(): MadeTexture;
  delete(): void;
}

/** A texture as gpu.js takes it for an argument. Its class is the same whatever made the texture: to gpu.js another class is another kernel. */
class TextureView {
  readonly type: TexelType;
  readonly texture: CountedTexture;
  readonly size: Int32Array;
  readonly dimensions: readonly number[];
  readonly context: WebGL2RenderingContext;
  readonly #made: MadeTexture | undefined;
  constructor({ texture, size, made, type }: Handle, dimensions: readonly number[], context: WebGL2RenderingContext) {
    this.type = type;
    this.texture = texture;
    this.size = size;
    this.dimensions = dimensions;
    this.context = context;
    this.#made = made;
  }
  /** gpu.js holds on to a kernel's own last result when it is given to it. */
  clone(): MadeTexture {
    return this.#made!.clone();
  }
}

/** The mode `webgl2`: an array is a texture of 32-bit floats. Throws `BackendError` where textures of floats cannot be drawn to. */
export function webgl2Device(library: GpuJsLibrary, gpu: GpuJs, real: boolean): Device {
  const { features, isSupported } = library.WebGL2Kernel;
  if (!isSupported || features === null) throw new BackendError("gpujs (webgl2): there is no WebGL2 here");
  const { isFloatRead, maxTextureSize, highFloatPrecision } = features;
  if (!isFloatRead || highFloatPrecision.precision < 23)
    throw new BackendError(
      'gpujs (webgl2): this graphics device does not compute in 32-bit floats, and with fewer a model would give something else; use the mode "webasm"',
    );
  gpu.createKernel("function one() { return 1; }", { output: [1] }); // the first kernel makes the context
  const gl = gpu.context as WebGL2RenderingContext;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL));
  if (real && /swiftshader|llvmpipe|software|basic render/i.test(renderer))
    throw new BackendError(`gpujs (webgl2): there is no graphics device; the processor imitates one (${renderer})`);
  gl.getExtension("EXT_color_buffer_float"); // what lets textures of floats be read, too
  const framebuffer = gl.createFramebuffer();
  const most = maxTextureSize ** 2;
  return {
    mode: "webgl2",
    // An array of so many elements then has a texture of one size, whichever kernel made it, and kernels take it from each of them.
    square: true,
    fours: "vectors",
    tile: [4, 4],
    named: false,
    isNaN: (x) => `(${x} !== ${x})`,
    lost: () =>
      gl.isContextLost()
        ? "the WebGL context was lost, and what was on the device with it; make a new backend and load the model again"
        : undefined,
    expectRoom(elements, what) {
      if (elements > most)
        throw new BackendError(
          `gpujs (webgl2): ${what} has ${elements} elements, and the largest texture of this device ${most} (${maxTextureSize} × ${maxTextureSize}); ` +
            'use the mode "webgpu" or "webasm"',
        );
    },
    upload(data): Handle {
      const size = library.utils.closestSquareDimensions(data.length);
      const [width, height] = size as unknown as [number, number];
      let texels = data;
      if (width * height > data.length) (texels = new Float32Array(width * height)).set(data);
      const texture: CountedTexture = gl.createTexture();
      texture._refs = 1;
      gl.activeTexture(gl.TEXTURE15); // gpu.js keeps this unit free for such work
      gl.bindTexture(gl.TEXTURE_2D, texture);
      for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
        gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
      for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
        gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
      gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, width, height, 0, gl.RED, gl.FLOAT, texels);
      return { texture, size, made: undefined, type: "ArrayTexture(1)" };
    },
    async read(handle, elements) {
      const { texture, size, type } = handle as Handle;
      if (type !== "ArrayTexture(1)")
        throw new BackendError("gpujs (webgl2): vectors are for kernels alone, and not read");
      const [width, height] = size as unknown as [number, number];
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
      // Every device gives four floats for a texel; most give one.
      const single =
        gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_FORMAT) === gl.RED &&
        gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_TYPE) === gl.FLOAT;
      const step = single ? 1 : 4;
      const texels = new Float32Array(width * height * step);
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
      gl.bufferData(gl.PIXEL_PACK_BUFFER, texels.byteLength, gl.STREAM_READ);
      gl.readPixels(0, 0, width, height, single ? gl.RED : gl.RGBA, gl.FLOAT, 0);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, null, 0);
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      try {
        await finished(gl);
        gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
        gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, texels);
        gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
      } finally {
        gl.deleteBuffer(buffer);
      }
      const error = gl.getError();
      if (error !== gl.NO_ERROR)
        throw new BackendError(
          error === gl.OUT_OF_MEMORY
            ? "gpujs (webgl2): the graphics device has no memory left; free tensors, or use a smaller model or batch"
            : `gpujs (webgl2): WebGL reports error ${error}`,
        );
      if (single) return texels.length === elements ? texels : texels.slice(0, elements);
      return Float32Array.from({ length: elements }, (_, i) => texels[4 * i]!);
    },
    view: (handle, shape) => new TextureView(handle as Handle, [...shape.toReversed(), 1, 1].slice(0, 3), gl),
    take(result): Handle {
      const made = result as MadeTexture;
      return { texture: made.texture, size: made.size, made, type: made.type };
    },
    free(handle) {
      const { texture, made } = handle as Handle;
      if (made === undefined) gl.deleteTexture(texture);
      else made.delete();
    },
    close: () => gl.deleteFramebuffer(framebuffer),
  };
}

/** Resolves when the device has done all that it was told so far. */
async function finished(gl: WebGL2RenderingContext): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (fence === null) throw new BackendError("gpujs (webgl2): the WebGL context was lost while results were read");
  gl.flush();
  const { port1, port2 } = new MessageChannel(); // a timer would wait 4 ms each time
  port1.start();
  try {
    for (;;) {
      if (gl.isContextLost())
        throw new BackendError("gpujs (webgl2): the WebGL context was lost while results were read");
      const status = gl.clientWaitSync(fence, 0, 0);
      if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED) return;
      if (status === gl.WAIT_FAILED) throw new BackendError("gpujs (webgl2): waiting for the graphics device failed");
      await new Promise((resolve) => {
        port1.addEventListener("message", resolve, { once: true });
        port2.postMessage(undefined);
      });
    }
  } finally {
    gl.deleteSync(fence);
    port1.close();
  }
}
