import { add, iota, matmul, random, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";
import { i32 } from "@tenon/wasm-assembler";

import { Engine } from "./engine.ts";
import { kernel } from "./kernel.ts";
import { wasm } from "./wasm.ts";

const values = (n: number): Float32Array => {
  const dice = random(3);
  return Float32Array.from({ length: n }, () => dice.normal());
};

test.each([true, false])("1, 2, 3 and 4 threads give the same bits (relaxed %s)", async (relaxed) => {
  const results: string[] = [];
  for (const threads of [1, 2, 3, 4]) {
    const on = await wasm({ threads, relaxed });
    expect(on.threads).toBe(threads);
    const x = tensor(values(130 * 900), [130, 900], on);
    const w = tensor(values(900 * 77), [900, 77], on);
    const y = matmul(x, w);
    const bits = new Uint32Array((await add(matmul(y, y, { transposeA: true }), 1).read()).buffer);
    results.push(bits.join());
    on.close();
  }
  expect(new Set(results).size).toBe(1);
});

test("many short jobs in a row are each done once", async () => {
  const count = kernel("count", { y: "i32" }, (f, { y }, { from, to }) => {
    const i = f.local("i32");
    f.for(i, from, to, 1, () => {
      const at = f.let(i32.add(y, i32.shl(i, 2)));
      f.store("i32", at, i32.add(i32.load(at), 1));
    });
  });
  const engine = await Engine.start({ threads: 4, relaxed: false, kernels: [count] });
  const { at } = engine.memory.allocate(4000);
  engine.memory.i32.fill(0, at / 4, at / 4 + 1000);
  for (let job = 0; job < 3000; job++) engine.run(count, { y: at }, 1000, 10);
  expect(new Set(engine.memory.i32.subarray(at / 4, at / 4 + 1000))).toEqual(new Set([3000]));
  engine.close();
});

test("a trap on any thread is an error, and nothing hangs", async () => {
  const trap = kernel("trap", {}, (f) => f.append([0x00]));
  const engine = await Engine.start({ threads: 3, relaxed: false, kernels: [trap] });
  expect(() => engine.run(trap, {}, 1000, 1)).toThrow(/unreachable|trapped/);
  engine.close();
});

test("a closed backend says so", async () => {
  for (const threads of [1, 2]) {
    const on = await wasm({ threads });
    on.close();
    expect(() => iota(3, 0, on)).toThrow("wasm: this backend was closed");
  }
});
