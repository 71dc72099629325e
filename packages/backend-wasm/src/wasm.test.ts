import { setTimeout as sleep } from "node:timers/promises";

import {
  add,
  attention,
  gelu,
  iota,
  layerNorm,
  linear,
  matmul,
  ones,
  random,
  tensor,
  zeros,
  type Backend,
  type BackendError,
  type Tensor,
} from "@tenon/tensor";
import { afterEach, expect, test, vi } from "vitest";
import { hasFarMemory, hasRelaxedSimd } from "@tenon/wasm-assembler";

import { partial } from "../test/partial.ts";
import { allKernels, halves, kernelTable } from "./kernels/index.ts";
import { wasm, type WasmBackend, type WasmOptions } from "./wasm.ts";

const made: WasmBackend[] = [];
async function make(options: WasmOptions): Promise<WasmBackend> {
  const on = await wasm(options);
  made.push(on);
  return on;
}
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  for (const on of made.splice(0)) on.close();
});

const values = (n: number, seed: number): Float32Array => {
  const dice = random(seed);
  return Float32Array.from({ length: n }, () => dice.normal());
};
const normal = (shape: number[], seed: number, on: Backend) =>
  tensor(
    values(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
    shape,
    on,
  );

/** A block of an encoder: 2 × 70 tokens of width 96, in 4 heads. */
async function encoderBlock(on: Backend): Promise<string> {
  const x = normal([2, 70, 96], 1, on);
  const [q, k, v] = [2, 3, 4].map((seed) => normal([2, 4, 70, 24], seed, on)) as [Tensor, Tensor, Tensor];
  const mixed = attention([q, k, v, undefined, undefined], {
    scale: 0.2,
    softCap: null,
    mask: [{ kind: "causal" }],
    queryOffset: 0,
    keyLength: 70,
  });
  const inner = gelu(
    linear(layerNorm(x, ones([96], on), zeros([96], on)), normal([384, 96], 5, on), normal([384], 6, on)),
  );
  const parts = [mixed, linear(inner, normal([96, 384], 7, on)), matmul(x, x, { transposeB: true })];
  const numbers = await Promise.all(parts.map((part) => part.read()));
  return numbers.map((each) => new Uint32Array(each.buffer).join()).join();
}

test.each(hasRelaxedSimd() ? [true, false] : [false])(
  "a block of an encoder has the same bits on 1 to 4 threads (relaxed %s)",
  async (relaxed) => {
    const results = new Set<string>();
    for (const threads of [1, 2, 3, 4]) {
      const { on, engine } = await partial(allKernels, (one) => kernelTable(one), { threads, relaxed, halves });
      results.add(await encoderBlock(on)); // with the threads that are there already
      while (engine.threadsNow < threads) await sleep(5);
      results.add(await encoderBlock(on));
      engine.close();
    }
    expect(results.size).toBe(1);
  },
);

test("the name says what computes", async () => {
  const relaxed = hasRelaxedSimd() ? "relaxed SIMD" : "SIMD";
  expect((await make({ threads: 1 })).name).toBe(`wasm (${relaxed}, 1 thread)`);
  expect((await make({ threads: 3, relaxed: false })).name).toBe("wasm (SIMD, 3 threads)");
});

test.each<[string, WasmOptions, string]>([
  ["threads", { threads: 0 }, "wasm: threads must be a whole number from 1 up, got 0"],
  ["threads", { threads: 1.5 }, "wasm: threads must be a whole number from 1 up, got 1.5"],
  ["relaxed", { relaxed: "yes" as never }, "wasm: relaxed must be true or false, got yes"],
  ["memory", { memory: 3 }, "wasm: memory must be a number of MiB from 4 to 16384, got 3"],
  ["memory", { memory: 16_385 }, "wasm: memory must be a number of MiB from 4 to 16384, got 16385"],
  ["memory", { memory: NaN }, "wasm: memory must be a number of MiB from 4 to 16384, got NaN"],
  [
    "both",
    { threads: 8, memory: 9 },
    "wasm: 8 threads need a memory of 10 MiB or more, got 9; give fewer threads or more memory",
  ],
])("refuses a wrong %s", async (_, options, message) => {
  await expect(wasm(options)).rejects.toThrow(message);
});
test("as many threads as a small memory has room for", async () => {
  vi.stubGlobal("navigator", { hardwareConcurrency: 8 });
  expect((await make({ memory: 4 })).threads).toBe(2);
  expect((await make({ memory: 6.5 })).threads).toBe(4);
});

test.runIf(hasFarMemory())("above 4096 MiB memory has 64-bit addresses, and the name says so", async () => {
  const simd = hasRelaxedSimd() ? "relaxed SIMD" : "SIMD";
  const far = await make({ threads: 2, memory: 16_384 });
  expect(far.name).toBe(`wasm (${simd}, 2 threads, 64-bit memory)`);
  expect((await make({ threads: 1, memory: 4096.1 })).name).toBe(`wasm (${simd}, 1 thread, 64-bit memory)`);
  expect((await make({ threads: 1, memory: 4096 })).name).toBe(`wasm (${simd}, 1 thread)`);
  expect(await encoderBlock(far)).toBe(await encoderBlock(await make({ threads: 1 })));
});
test.runIf(hasFarMemory())("revectorize and 64-bit addresses exclude each other", async () => {
  await expect(wasm({ memory: 5000, revectorize: true })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: wasm: revectorize is of no use with a memory of more than 4096 MiB, got 5000: V8 joins no vectors there; leave one out]`,
  );
});
test("an engine without such a memory says what has it, and what to do", async () => {
  const Memory = WebAssembly.Memory;
  vi.spyOn(WebAssembly, "Memory").mockImplementation(function make(descriptor) {
    if ("address" in descriptor) throw new TypeError("BigInts are no numbers");
    return new Memory(descriptor);
  });
  await expect(wasm({ memory: 12_288 })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: wasm: a memory of 12288 MiB needs 64-bit addresses, which this engine does without: Node 24, Chromium 133 and Deno have them. Give 4096 or less]`,
  );
  expect((await make({ threads: 1, memory: 4096 })).name).not.toContain("64-bit");
});

/** One thread computes, the name says why, and it works. */
async function expectAlone(on: WasmBackend, why: string): Promise<void> {
  expect(on.threads).toBe(1);
  expect(on.name).toMatch(/^wasm \((relaxed )?SIMD, 1 thread: /);
  expect(on.name).toContain(`1 thread: ${why})`);
  expect([...(await matmul(ones([1, 3], on), ones([3, 1], on)).read())]).toEqual([3]);
}
test("without SharedArrayBuffer one thread computes", async () => {
  vi.stubGlobal("SharedArrayBuffer", undefined);
  await expectAlone(await make({ threads: 4 }), "this page is not cross-origin isolated");
});

test("where workers cannot be started one thread computes", async () => {
  const threads = process.getBuiltinModule("node:worker_threads");
  vi.spyOn(threads, "Worker").mockImplementation(function fail() {
    throw new Error("Access to this API has been restricted"); // as under Node's --permission
  });
  const why = "workers cannot be started here: Access to this API has been restricted";
  await expectAlone(await make({ threads: 4 }), why);
});
test("where a bundler left the worker's script out one thread computes", async () => {
  vi.spyOn(process.getBuiltinModule("node:fs"), "existsSync").mockReturnValue(false);
  const on = await make({ threads: 2 });
  expect(on.name).toMatch(
    /, 1 thread: workers cannot be started here: there is no .*worker.js; a bundler left it out\)$/,
  );
});
test("where WebAssembly must not be compiled, the error says what allows it", async () => {
  vi.spyOn(WebAssembly, "Module").mockImplementation(function fail() {
    throw new WebAssembly.CompileError("'unsafe-eval' is not an allowed source of script");
  });
  await expect(wasm()).rejects.toThrowErrorMatchingInlineSnapshot(
    `[BackendError: wasm: WebAssembly must not be compiled here. A page's content security policy allows it with script-src 'wasm-unsafe-eval'; use cpu() otherwise]`,
  );
});

test("a memory that has no room left says how much was asked for, used and possible, and goes on", async () => {
  for (const threads of [1, 2]) {
    const on = await make({ threads, memory: 8 });
    const kept = iota(2 ** 19, 0, on); // 2 MiB
    const error = await Promise.resolve()
      .then(() => iota(2 ** 21, 0, on))
      .catch((cause: unknown) => cause);
    expect(error).toMatchInlineSnapshot(
      `[BackendError: wasm: out of memory: 8.0 MiB more were asked for, 2.0 MiB are in use, and at most 8.0 MiB are possible. Free tensors earlier (scoped, using), use smaller batches, or keep weights in f16, q8 or q4.]`,
    );
    expect((error as BackendError).fields).toEqual({ asked: 2 ** 23, used: 2 ** 21, possible: 2 ** 23 });
    const again = add(kept, 1); // another 2 MiB: nothing of the failed op is left
    expect((await again.read())[2 ** 19 - 1]).toBe(2 ** 19);
    kept[Symbol.dispose]();
    again[Symbol.dispose]();
    expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
    for (let i = 0; i < 20; i++) iota(2 ** 20, 0, on)[Symbol.dispose](); // 4 MiB, where the two lay
  }
});
test("a system that has no room for the memory is an error, too", async () => {
  vi.spyOn(WebAssembly, "Memory").mockImplementationOnce(function fail() {
    throw new RangeError("could not allocate memory");
  });
  await expect(partial([], () => ({}), { relaxed: false })).rejects.toThrowErrorMatchingInlineSnapshot(
    `[BackendError: wasm: the system has no room for a memory of up to 4096.0 MiB. Give wasm() a smaller \`memory\`.]`,
  );
});

test.each([1, 2])("a closed backend says so (%d threads); a read that was begun still ends", async (threads) => {
  const on = await make({ threads });
  const x = ones([1000], on);
  const reading = x.read();
  on.close();
  on.close();
  expect(() => add(x, 1)).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: wasm: this backend was closed, so nothing more can be computed on it. Make a new one with wasm().]`,
  );
  expect((await reading).length).toBe(1000);
});
