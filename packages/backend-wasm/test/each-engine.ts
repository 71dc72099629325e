import type { Backend, KernelTable } from "@tenon/tensor";
import { afterAll, beforeAll, describe } from "vitest";

import type { Block } from "../src/block.ts";
import type { Engine } from "../src/engine.ts";
import { hasRelaxedSimd } from "../src/features.ts";
import type { Kernel } from "../src/kernel.ts";
import { partial } from "./partial.ts";

/** What the tests of a kernel run on. It is there once the first test runs. */
export interface Tested {
  readonly on: Backend;
  readonly engine: Engine;
}

/** Describes the same tests on one thread and on three, without relaxed SIMD and, where the engine has it, with it. */
export function eachEngine(
  kernels: readonly Kernel[],
  table: (engine: Engine) => Partial<KernelTable<Block>>,
  halves: readonly string[],
  body: (tested: Tested) => void,
): void {
  for (const threads of [1, 3]) {
    for (const relaxed of hasRelaxedSimd() ? [false, true] : [false]) {
      describe(`${threads === 1 ? "one thread" : `${threads} threads`}${relaxed ? ", relaxed" : ""}`, () => {
        const tested = {} as { on: Backend; engine: Engine };
        beforeAll(async () => {
          Object.assign(tested, await partial(kernels, table, { threads, relaxed, halves }));
        });
        afterAll(() => tested.engine.close());
        body(tested);
      });
    }
  }
}
