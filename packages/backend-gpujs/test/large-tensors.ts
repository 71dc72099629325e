import { gather, linear, tensor, Variable } from "@tenon/tensor";
import { describe, expect, test, vi } from "vitest";

import { hostDevice } from "../src/modes/host.ts";
import { webgl2Device } from "../src/modes/webgl2.ts";
import { webgpuDevice } from "../src/modes/webgpu.ts";
import { expectNear } from "./numbers.ts";
import { open, openEngine, settle, take, type Place } from "./place.ts";

/** GPT-2's vocabulary and width: 38.6 million elements, where floats no longer tell one place from the next. */
const [rows, d] = [50_257, 768];
const element = (i: number): number => ((i % 32_749) - 16_000) / 32_768;

/** A table of embeddings as large as GPT-2's. */
export function testLargeTable(place: Place): void {
  test("an embedding of 50,257 × 768: rows of it, and products with it", async () => {
    const on = await open(place);
    const data = new Float32Array(rows * d);
    for (let i = 0; i < data.length; i++) data[i] = element(i);
    // As the parameter of a model, which may be kept in another order, too.
    const parameter = new Variable({ dtype: "f32", shape: [rows, d] }, () => data);
    await parameter.place(on);
    const table = parameter.value;
    const wanted = [rows - 1, rows - 2, 21_846, 21_845, 32_767, 0];
    const ids = tensor(wanted, [wanted.length], on, "i32");
    const picked = gather(table, ids);
    expect(await picked.read()).toEqual(
      Float32Array.from({ length: wanted.length * d }, (_, i) => element(wanted[Math.floor(i / d)]! * d + (i % d))),
    );
    const x = tensor(
      Float32Array.from({ length: d }, (_, i) => ((i * 31) % 64) / 64 - 0.5),
      [1, d],
      on,
    );
    const product = await take(linear(x, table));
    const given = await x.read();
    const right = Float64Array.from({ length: rows }, (_, row) => {
      let s = 0;
      for (let i = 0; i < d; i++) s += given[i]! * data[row * d + i]!;
      return s;
    });
    expectNear(product, right, 1e-5, 10);
    for (const each of [ids, picked, x, parameter]) each[Symbol.dispose]();
    await settle(on);
    expect(on.arrays).toBe(0);
    on.close();
  }, 120_000);
}

/** What does not fit is refused by name. The limits are made small, so that nothing large is needed. */
export function testRoom(place: Place): void {
  describe("tensors that do not fit", () => {
    const { mode } = place;
    test("are refused by name, with the way out", async () => {
      const { library, gpu, engine } = await openEngine(place);
      const { features } = library.WebGL2Kernel;
      if (mode === "webgl2") {
        const WebGL2Kernel = { isSupported: true, features: { ...features!, maxTextureSize: 16 } };
        const small = webgl2Device({ ...library, WebGL2Kernel }, gpu, false);
        expect(() => small.expectRoom(256, "a tensor")).not.toThrow();
        expect(() => small.expectRoom(257, "a tensor")).toThrow(
          'gpujs (webgl2): a tensor has 257 elements, and the largest texture of this device 256 (16 × 16); use the mode "webgpu" or "webasm"',
        );
      } else if (mode === "webgpu") {
        const context = await library.WebGPUContext.acquire();
        const limits = { maxStorageBufferBindingSize: 1024, maxBufferSize: 2048 };
        const nothing = (): undefined => undefined;
        const device = { limits, addEventListener: nothing, createShaderModule: nothing };
        const WebGPUContext = { acquire: () => Promise.resolve({ ...context, device } as unknown as typeof context) };
        const small = await webgpuDevice({ ...library, WebGPUContext }, gpu, false);
        expect(() => small.expectRoom(256, "a tensor")).not.toThrow();
        expect(() => small.expectRoom(257, "a tensor")).toThrow(
          'gpujs (webgpu): a tensor has 257 elements, and the largest buffer of this device 256; use the mode "webasm"',
        );
      } else {
        const most = mode === "cpu" ? 2 ** 31 : 2 ** 29;
        const device = hostDevice(library, mode);
        expect(() => device.expectRoom(most, "a tensor")).not.toThrow();
        expect(() => device.expectRoom(most + 1, "a tensor")).toThrow(
          `gpujs (${mode}): a tensor has ${most + 1} elements, more than the ${most} that fit`,
        );
      }
      engine.close();
    });

    test("the engine asks for room for uploads and for results, and counts neither when there is none", async () => {
      const { engine, device } = await openEngine(place);
      const x = engine.upload(new Float32Array(4));
      const asked: string[] = [];
      vi.spyOn(device, "expectRoom").mockImplementation((elements, what) => {
        asked.push(`${what}: ${elements}`);
        throw new Error("no room");
      });
      expect(() => engine.upload(new Float32Array(5))).toThrow("no room");
      expect(() => engine.run({ name: "grown", out: [2, 3], arrays: { x: [x, [4]] }, body: "return x[0];" })).toThrow(
        "no room",
      );
      expect(asked).toEqual(["a tensor: 5", "the result of grown: 6"]);
      expect([engine.arrays, engine.compiled]).toEqual([1, 0]);
      engine.close();
    });
  });
}
