import type { Backend, KernelTable } from "@tenon/tensor";
import { afterAll, beforeAll, describe } from "vitest";
import { hasFarMemory, hasRelaxedSimd } from "@tenon/wasm-assembler";

import type { Block } from "../src/block.ts";
import type { Engine } from "../src/engine.ts";
import type { Kernel } from "../src/kernel.ts";
import { partial } from "./partial.ts";

/** What the tests of a kernel run on. It is there once the first test runs. */
export interface Tested {
  readonly on: Backend;
  readonly engine: Engine;
}

const relaxedOrNot = hasRelaxedSimd() ? [false, true] : [false];
const settings = [
  ...[1, 3].flatMap((threads) => relaxedOrNot.map((relaxed) => ({ threads, relaxed, beyond: false }))),
  ...(hasFarMemory() ? relaxedOrNot.map((relaxed) => ({ threads: relaxed ? 3 : 1, relaxed, beyond: true })) : []),
];

/**
 * Describes the same tests on one thread and on three, without relaxed SIMD and, where the engine has it, with it; and, where it has 64-bit
 * memory, with tensors beyond 4 GiB.
 */
export function eachEngine(
  kernels: readonly Kernel[],
  table: (engine: Engine) => Partial<KernelTable<Block>>,
  halves: readonly string[],
  body: (tested: Tested) => void,
): void {
  for (const { threads, relaxed, beyond } of settings) {
    const count = threads === 1 ? "one thread" : `${threads} threads`;
    describe(`${count}${relaxed ? ", relaxed" : ""}${beyond ? ", beyond 4 GiB" : ""}`, () => {
      const tested = {} as { on: Backend; engine: Engine };
      beforeAll(async () => {
        Object.assign(tested, await partial(kernels, table, { threads, relaxed, beyond, halves }));
      });
      afterAll(() => tested.engine.close());
      body(tested);
    });
  }
}
