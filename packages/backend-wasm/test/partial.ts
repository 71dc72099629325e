import { kernelBackend, type Backend, type KernelTable } from "@tenon/tensor";
import { hasRelaxedSimd } from "@tenon/wasm-assembler";

import type { Block } from "../src/block.ts";
import { Engine } from "../src/engine.ts";
import type { Kernel } from "../src/kernel.ts";
import { wasmStorage } from "../src/storage.ts";
import { startBeyond } from "./beyond.ts";

/** A backend of some kernels alone, for their own tests: an op that has none fails there. `beyond`: its tensors lie beyond 4 GiB. */
export async function partial(
  kernels: readonly Kernel[],
  table: (engine: Engine) => Partial<KernelTable<Block>>,
  {
    threads = 1,
    relaxed = hasRelaxedSimd(),
    beyond = false,
    halves = [],
  }: { threads?: number; relaxed?: boolean; beyond?: boolean; halves?: readonly string[] } = {},
): Promise<{ on: Backend; engine: Engine }> {
  const options = { threads, relaxed, kernels };
  const engine = await (beyond ? startBeyond(options) : Engine.start(options));
  return { on: partialOn(engine, table, halves), engine };
}

/** The same on an engine that is there already. */
export function partialOn(
  engine: Engine,
  table: (engine: Engine) => Partial<KernelTable<Block>>,
  halves: readonly string[] = [],
): Backend {
  return kernelBackend({
    name: "partial wasm",
    storage: wasmStorage(engine),
    kernels: table(engine) as KernelTable<Block>,
    halves,
  });
}
