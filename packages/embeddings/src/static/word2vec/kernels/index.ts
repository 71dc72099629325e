import { assembleWasm, hasRelaxedSimd, type MemoryLimits } from "@tenon/wasm-assembler";

import type { Loops } from "../loops.ts";
import type { LoopsPlan, Slot } from "../plan.ts";
import { continuousBag, learnRows, skipGram } from "./sentences.ts";
import type { Target } from "./vector-math.ts";

let able: boolean | undefined;

/** The training loops in WebAssembly, with the plan's numbers built in. It takes some milliseconds. */
export function compileLoops(
  { memory, limits }: { readonly memory: WebAssembly.Memory; readonly limits: MemoryLimits },
  plan: LoopsPlan,
  slot: Slot,
  target: Target = { relaxed: (able ??= hasRelaxedSimd()) },
): Loops {
  const byRows = learnRows(target, plan, slot);
  const functions = [skipGram(target, plan, slot), continuousBag(plan, slot, byRows), byRows];
  const module = new WebAssembly.Module(assembleWasm(functions, limits));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Loops;
}
