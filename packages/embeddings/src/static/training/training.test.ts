import type { Worker } from "node:worker_threads";

import { Func, i32, assembleWasm } from "@tenon/wasm-assembler";
import { afterEach, expect, test, vi } from "vitest";

import { trainWord2Vec } from "../word2vec/train.ts";
import { Schedule } from "./schedule.ts";
import { RandomCode, SmallRandom } from "./small-random.ts";
import { trainingMemory } from "./training-memory.ts";

afterEach(() => void vi.restoreAllMocks());

test("a worker that is killed ends the training with an error, not with a wait", async () => {
  const threads = process.getBuiltinModule("node:worker_threads");
  const Real = threads.Worker;
  vi.spyOn(threads, "Worker").mockImplementation(
    class extends Real {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        setTimeout(() => void this.terminate(), 20);
      }
    },
  );
  const text = "a few words that come again and again\n".repeat(20_000);
  const training = { epochs: 1000, threads: 2 };
  await expect(trainWord2Vec({ text, width: 300, training })).rejects.toThrow(
    /^training: a worker ended with code [01], so the training cannot go on\./,
  );
});

test("too little memory is told before anything is trained", () => {
  expect(() => trainingMemory(17 * 2 ** 30, false)).toThrow(
    /^the training needs 17\.0 GiB of memory, and WebAssembly gives (16|4) GiB here\. Take a smaller width, or a higher minimum count/,
  );
  const small = vi.spyOn(WebAssembly, "Memory").mockImplementation(function () {
    throw new RangeError("could not allocate memory");
  });
  expect(() => trainingMemory(2 ** 20, false)).toThrow(
    "the training needs 0.001 GiB of memory, which this machine does not give (could not allocate memory).",
  );
  small.mockRestore();
  vi.stubGlobal("SharedArrayBuffer", undefined);
  expect(() => trainingMemory(2 ** 20, true)).toThrow(
    "several threads need memory that they share, which a page has only where it is cross-origin isolated (headers COOP and COEP). " +
      "Set these, or train with threads: 1.",
  );
  vi.unstubAllGlobals();
});

test("random numbers of the inner loops are those of the published generator, in WebAssembly too", () => {
  const state = Int32Array.of(1, 2);
  const source = new SmallRandom(state);
  const numbers = Array.from({ length: 4 }, () => source.next());
  expect(numbers).toEqual(published(4));
  const f = new Func("draw", []);
  const random = new RandomCode(f, i32.of(64));
  for (let i = 0; i < 4; i++) f.store("i32", i32.of(128 + 4 * i), random.next());
  f.store("i32", i32.of(144), random.below(1000));
  random.leave();
  const { memory, limits } = trainingMemory(1024, false);
  new Int32Array(memory.buffer, 64, 2).set([1, 2]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assembleWasm([f], limits)), { env: { memory } });
  (exports["draw"] as () => void)();
  expect([...new Uint32Array(memory.buffer, 128, 4)]).toEqual(numbers);
  expect(new Int32Array(memory.buffer, 144, 1)[0]).toBe(source.below(1000));
  expect([...new Int32Array(memory.buffer, 64, 2)]).toEqual([...state]);
});

test("the learning rate falls evenly over all epochs, nearly to 0", () => {
  const schedule = new Schedule({ epochs: 4, bytes: 1000, learningRate: 0.5 });
  const at = (epoch: number, byte: number): number[] => [
    schedule.shareAt({ epoch, byte }),
    schedule.rateAt({ epoch, byte }),
  ];
  expect(at(0, 0)).toEqual([0, 0.5]);
  expect(at(0, 500)).toEqual([0.125, 0.4375]);
  expect(at(3, 500)).toEqual([0.875, 0.0625]);
  expect(at(3, 1000)).toEqual([1, 0.00005]);
});

/** The generator once more, on whole numbers of any size. */
function published(count: number): number[] {
  const word = (x: bigint): bigint => x & 0xffffffffn;
  const rotate = (x: bigint, by: bigint): bigint => word((x << by) | (x >> (32n - by)));
  let [s0, s1] = [1n, 2n];
  return Array.from({ length: count }, () => {
    const result = word(s0 * 0x9e3779bbn);
    s1 ^= s0;
    s0 = word(rotate(s0, 26n) ^ s1 ^ (s1 << 9n));
    s1 = rotate(s1, 13n);
    return Number(result);
  });
}
