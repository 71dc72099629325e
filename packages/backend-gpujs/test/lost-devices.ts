import { add, BackendError, tensor } from "@tenon/tensor";
import { describe, expect, test, vi } from "vitest";

import { gpujs } from "../src/gpujs.ts";
import { webgl2Device } from "../src/modes/webgl2.ts";
import { expectFlat, work } from "./freed-arrays.ts";
import { numbers } from "./numbers.ts";
import { open, openEngine, settle } from "./place.ts";

const webgl2 = { mode: "webgl2" } as const;
const webgpu = { mode: "webgpu" } as const;
const plusOne = (x: { readonly handle: object | undefined }, n: number) =>
  ({ name: "plusOne", out: [n], arrays: { x: [x, [n]] }, body: "return x[X] + 1;" }) as const;

/** How many textures of WebGL are alive, as long as it counts. */
function countTextures(): { alive(): number; contexts: Set<WebGL2RenderingContext> } {
  const alive = new Set<WebGLTexture>();
  const contexts = new Set<WebGL2RenderingContext>();
  const { prototype } = WebGL2RenderingContext;
  const { createTexture, deleteTexture } = prototype;
  vi.spyOn(prototype, "createTexture").mockImplementation(function (this: WebGL2RenderingContext) {
    const texture = createTexture.call(this);
    alive.add(texture);
    contexts.add(this);
    return texture;
  });
  vi.spyOn(prototype, "deleteTexture").mockImplementation(function (this: WebGL2RenderingContext, texture) {
    deleteTexture.call(this, texture);
    alive.delete(texture!);
  });
  return { alive: () => alive.size, contexts };
}

export function testWebgl2Memory(): void {
  describe("WebGL's textures", () => {
    test("are as many as the backend says, but for one to a kernel, and four to one of a product", async () => {
      const textures = countTextures();
      const on = await open(webgl2);
      await expectFlat(on, textures.alive);
      expect(on.arrays).toBe(0);
      const kernels = on.compiled + 3 * 2;
      expect(textures.alive()).toBeLessThanOrEqual(kernels + 2);
      const held = Array.from({ length: 40 }, (_, i) => add(tensor([i], [1], on), 1));
      expect(textures.alive()).toBeGreaterThanOrEqual(on.arrays);
      expect(textures.alive()).toBeLessThanOrEqual(on.arrays + kernels + 4);
      for (const x of held) x[Symbol.dispose]();
      on.close();
      const [context] = textures.contexts;
      expect(textures.contexts.size).toBe(1);
      await expect.poll(() => context!.isContextLost()).toBe(true);
      vi.restoreAllMocks();
    });
  });
}

/** A page has room for 16 contexts: one more, and the oldest is lost. */
export function testRefusedContexts(): void {
  test("a mode that auto tries and refuses leaves no WebGL context", async () => {
    const contexts: WebGL2RenderingContext[] = [];
    const { getContext } = HTMLCanvasElement.prototype as { getContext(...given: unknown[]): unknown };
    vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation(function (
      this: unknown,
      ...given: unknown[]
    ) {
      const context = getContext.apply(this, given);
      if (context instanceof WebGL2RenderingContext) contexts.push(context);
      return context as null;
    });
    const first = await open(webgl2);
    using x = tensor([1, 2], [2], first);
    for (let i = 0; i < 20; i++) {
      const on = await gpujs({ threads: 1 });
      expect(on.mode).toBe("webasm"); // the tests' device is one that the processor imitates
      on.close();
    }
    vi.restoreAllMocks();
    expect(contexts.length).toBeGreaterThan(20);
    await expect.poll(() => contexts.filter((gl) => !gl.isContextLost()).length).toBeLessThanOrEqual(2); // gpu.js's own
    expect([...(await x.read())]).toEqual([1, 2]);
    first.close();
  });
}

export function testLostWebgl2(): void {
  describe("a WebGL context that is lost", () => {
    const lost = "gpujs (webgl2): the WebGL context was lost";
    test("is told at the next upload, op and read", async () => {
      const { engine, gpu } = await openEngine(webgl2);
      const x = engine.upload(Float32Array.of(1, 2));
      const y = await engine.run(plusOne(x, 2));
      (gpu.context as WebGL2RenderingContext).getExtension("WEBGL_lose_context")!.loseContext();
      expect(() => engine.run(plusOne(x, 2))).toThrow(
        `${lost}, and what was on the device with it; make a new backend`,
      );
      expect(() => engine.upload(Float32Array.of(1))).toThrow(BackendError);
      expect(() => engine.read(y, 2)).toThrow(lost);
      engine.free(x);
      engine.free(y);
      expect(engine.arrays).toBe(0);
      engine.close();
      const next = await openEngine(webgl2);
      const z = await next.engine.run(plusOne(next.engine.upload(Float32Array.of(1, 2)), 2));
      expect([...(await next.engine.read(z, 2))]).toEqual([2, 3]);
      next.engine.close();
    });
    test("is told by a read that waits for it", async () => {
      const { engine, gpu } = await openEngine(webgl2);
      const data = numbers(300_000);
      const x = engine.upload(data);
      const reads = [engine.read(x, data.length), engine.read(x, data.length)];
      (gpu.context as WebGL2RenderingContext).getExtension("WEBGL_lose_context")!.loseContext();
      for (const read of reads) await expect(read).rejects.toThrow(lost);
      engine.close();
    });
  });
  test("a device without 32-bit floats is refused", async () => {
    const { library, gpu, engine } = await openEngine(webgl2);
    const features = library.WebGL2Kernel.features!;
    const without =
      'this graphics device does not compute in 32-bit floats, and with fewer a model would give something else; use the mode "webasm"';
    const make = (WebGL2Kernel: typeof library.WebGL2Kernel) => () =>
      webgl2Device({ ...library, WebGL2Kernel }, gpu, false);
    expect(make({ isSupported: true, features: { ...features, isFloatRead: false } })).toThrow(without);
    expect(make({ isSupported: true, features: { ...features, highFloatPrecision: { precision: 16 } } })).toThrow(
      without,
    );
    expect(make({ isSupported: false, features })).toThrow("gpujs (webgl2): there is no WebGL2 here");
    expect(make({ isSupported: true, features: null })).toThrow("gpujs (webgl2): there is no WebGL2 here");
    expect(make({ isSupported: true, features })).not.toThrow();
    engine.close();
  });
}

/** How many buffers of WebGPU are alive, as long as it counts. */
function countBuffers(): () => number {
  const alive = new Set<GPUBuffer>();
  const { createBuffer } = GPUDevice.prototype;
  vi.spyOn(GPUDevice.prototype, "createBuffer").mockImplementation(function (this: GPUDevice, settings) {
    const buffer = createBuffer.call(this, settings);
    alive.add(buffer);
    return buffer;
  });
  const { destroy } = GPUBuffer.prototype;
  vi.spyOn(GPUBuffer.prototype, "destroy").mockImplementation(function (this: GPUBuffer) {
    destroy.call(this);
    alive.delete(this);
    return undefined;
  });
  return () => alive.size;
}

export function testWebgpuMemory(): void {
  describe("WebGPU's buffers", () => {
    test("are as many as the backend says, but for two to a kernel, and none once it is closed", async () => {
      const buffers = countBuffers();
      const on = await open(webgpu);
      await expectFlat(on, buffers);
      expect(on.arrays).toBe(0);
      expect(buffers()).toBeLessThanOrEqual(2 * on.compiled + 5);
      const x = tensor([1, 2], [2], on);
      const y = add(x, 1);
      const z = work(on);
      await z.read();
      on.close();
      await expect.poll(buffers).toBe(0);
      for (const each of [x, y, z]) each[Symbol.dispose]();
      expect(on.arrays).toBe(0);
      vi.restoreAllMocks();
    });
  });
}

export function testLostWebgpu(): void {
  describe("a WebGPU device that is lost", () => {
    test("is told at the next op and read, and another backend works", async () => {
      const on = await open(webgpu);
      using x = tensor([1, 2], [2], on);
      using y = add(x, 1);
      await y.read();
      const { library } = await openEngine(webgpu);
      const { device } = await library.WebGPUContext.acquire();
      const late = add(y, 1); // sent, but not read
      (device as unknown as GPUDevice).destroy();
      const reads = [late.read(), y.read()];
      await Promise.all(reads.map((read) => expect(read).rejects.toThrow(/^gpujs \(webgpu\): .*lost/)));
      await Promise.all(reads.map((read) => expect(read).rejects.toThrow(BackendError)));
      await device.lost;
      const lost = "gpujs (webgpu): the WebGPU device was lost, and what was on it; make a new backend";
      await expect(y.read()).rejects.toThrow(lost);
      await expect((async () => add(x, 1).read())()).rejects.toThrow(lost);
      expect(() => tensor([1], [1], on)).toThrow(lost);
      late[Symbol.dispose]();
      on.close();
      const next = await open(webgpu);
      using z = tensor([1, 2], [2], next);
      using sum = add(z, z);
      expect([...(await sum.read())]).toEqual([2, 4]);
      next.close();
    });
    test("tells what it reports at the read, and goes on for others", async () => {
      const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
      const on = await open(webgpu);
      using x = tensor([1, 2], [2], on);
      const { library, engine } = await openEngine(webgpu);
      const { device } = (await library.WebGPUContext.acquire()) as unknown as { device: GPUDevice };
      await settle(on);
      device.createBuffer({ size: 4, usage: 0 }); // which is none
      await expect(x.read()).rejects.toThrow(/^gpujs \(webgpu\): WebGPU reports: ./);
      await expect((async () => add(x, 1).read())()).rejects.toThrow("WebGPU reports");
      expect(silent).toHaveBeenCalled();
      silent.mockRestore();
      engine.close();
      on.close();
      const next = await open(webgpu);
      using y = tensor([1, 2], [2], next);
      expect([...(await y.read())]).toEqual([1, 2]);
      next.close();
    });
  });
}
