import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Worker as ThreadsWorker } from "node:worker_threads";

import { add, BackendError, tensor } from "@tenon/tensor";
import { afterEach, describe, expect, test, vi } from "vitest";

import { testOptions } from "../test/options.ts";
import { take } from "../test/place.ts";
import { testThreads } from "../test/threads.ts";
import { gpujs } from "./gpujs.ts";

// What gpu.js sees: a module of CommonJS can be patched.
const threads = createRequire(import.meta.url)("node:worker_threads") as { Worker: typeof ThreadsWorker };

testOptions();
testThreads(() => {
  const { Worker } = threads;
  let started = 0;
  let alive = 0;
  threads.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof ThreadsWorker>) {
      super(...given);
      started++;
      alive++;
      this.once("exit", () => alive--);
    }
  };
  return { started: () => started, alive: () => alive, restore: () => (threads.Worker = Worker) };
});

describe("in Node", () => {
  test.each([
    ["webgl2", "there is no WebGL2, which needs a browser, or the graphics device is blocked"],
    ["webgpu", "there is no navigator.gpu, which Chrome 113 brought"],
  ] as const)("the mode %s is refused by name", async (mode, why) => {
    const error: unknown = await gpujs({ mode }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(BackendError);
    expect((error as Error).message).toBe(`gpujs (${mode}): this mode does not work here: ${why}`);
  });
  test("auto is webasm, with as many threads as it is told", async () => {
    for (const options of [{}, { mode: "auto", threads: 2 }, { threads: 1 }] as const) {
      const on = await gpujs(options);
      expect(on.mode).toBe("webasm");
      if ("threads" in options) expect(on.threads).toBe(options.threads);
      expect(on.name).toBe(`gpujs (webasm, ${on.threads} thread${on.threads === 1 ? "" : "s"})`);
      on.close();
    }
  });
  test("a program that closes its backend ends by itself, as does one that does not", async () => {
    // No module itself: gpu.js's workers would be started as modules, too, and they are none.
    const script = `(async () => {
      const { gpujs } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
      const { linear, ones } = await import("@tenon/tensor");
      const on = await gpujs({ mode: "webasm", threads: 2 });
      const [x, weight] = [ones([256, 512], on), ones([128, 512], on)];
      console.log((await linear(x, weight).read())[0]);
      if (process.argv[1] === "close") on.close();
    })()`;
    for (const word of ["close", "leave"]) {
      const flags = ["--conditions=@tenon/source", "--eval", script, word];
      const { stdout } = await promisify(execFile)(process.execPath, flags, {
        cwd: fileURLToPath(new URL("..", import.meta.url)),
        timeout: 15_000,
      });
      expect(stdout).toBe("512\n");
    }
  });
});

describe("where code must not be made at run time", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  const forbidden = (): never => {
    throw new EvalError("Code generation from strings disallowed for this context");
  };
  test("the mode cpu is refused with one error that says what to allow", async () => {
    vi.stubGlobal("Function", forbidden);
    await expect(gpujs({ mode: "cpu" })).rejects.toThrow(
      "gpujs (cpu): gpu.js makes functions from text, which this page's content security policy forbids. " +
        "It allows it with script-src 'unsafe-eval'; cpu() of @tenon/tensor needs none",
    );
  });
  test("so is the mode webasm", async () => {
    vi.spyOn(WebAssembly, "Module").mockImplementation(forbidden);
    await expect(gpujs({ mode: "webasm", threads: 1 })).rejects.toThrow(
      "gpujs (webasm): gpu.js makes WebAssembly, which this page's content security policy forbids. " +
        "It allows it with script-src 'wasm-unsafe-eval'; cpu() of @tenon/tensor needs none",
    );
  });
  test("and auto, which says why for every mode", async () => {
    vi.stubGlobal("Function", forbidden);
    vi.spyOn(WebAssembly, "Module").mockImplementation(forbidden);
    await expect(gpujs()).rejects.toThrow(
      /^gpujs: no mode works here\. gpujs \(webgpu\): .*; gpujs \(webgl2\): .*; gpujs \(webasm\): .*; gpujs \(cpu\): ./,
    );
  });
  test("where functions alone are forbidden, webasm computes", async () => {
    vi.stubGlobal("Function", forbidden);
    const on = await gpujs({ threads: 1 });
    expect(on.mode).toBe("webasm");
    using x = tensor([1, 2], [2], on);
    expect([...(await take(add(x, 1)))]).toEqual([2, 3]);
    on.close();
  });
});
