import { assembleWasm } from "@tenon/wasm-assembler";

import type { Learned, Learner, MakeLearner } from "../../training/learner.ts";
import { type Block, type Layout, view } from "../../training/layout.ts";
import { gloveKernel } from "./kernel.ts";
import { pairBytes, pairLength } from "./pairs.ts";
import type { StepSize } from "./reference.ts";
import type { RowLayout } from "./row-layout.ts";

/** What one thread has for itself: some pairs, and what came of them. */
interface GloveSlot {
  readonly pairs: Block<"i32">;
  readonly loss: Block<"f64">;
  /** Pairs whose loss was no finite number. Their thread goes on; who started the run looks here. */
  readonly skipped: Block<"i32">;
}

/** What the threads of a GloVe run need to know. */
export interface GlovePlan {
  readonly layout: RowLayout;
  readonly rows: Block<"f32">;
  readonly step: StepSize;
  readonly slots: readonly GloveSlot[];
}

/** Lays out the memory of a run. What threads have comes first: their kernels take its addresses, which have 32 bits. */
export function reserveGlove(
  memory: Layout,
  { layout, step, threads, pairs }: Pick<GlovePlan, "layout" | "step"> & { threads: number; pairs: number },
): GlovePlan {
  const slots = Array.from({ length: threads }, () => ({
    pairs: memory.reserve("i32", pairs * pairLength),
    loss: memory.reserve("f64", 1),
    skipped: memory.reserve("i32", 1),
  }));
  return { layout, step, slots, rows: memory.reserve("f32", layout.length) };
}

type TrainPairs = (first: number, end: number, rate: number, clip: number, loss: number, skipped: number) => void;

/** One thread of GloVe: chunks are pairs. AdaGrad has a rate for each number; the driver's falling rates are not for it. */
export const gloveLearner: MakeLearner<GlovePlan> = ({ layout, rows, step, slots }, room, thread): Learner => {
  const slot = slots[thread]!;
  const module = new WebAssembly.Module(assembleWasm([gloveKernel(layout, rows.at)], room.limits));
  const { exports } = new WebAssembly.Instance(module, { env: { memory: room.memory } });
  const trainPairs = exports["trainPairs"] as TrainPairs;
  const pairs = view(room.memory, slot.pairs);
  const loss = view(room.memory, slot.loss);
  return {
    learn({ buffer, byteOffset, length }): Learned {
      pairs.set(new Int32Array(buffer, byteOffset, length / Int32Array.BYTES_PER_ELEMENT));
      loss[0] = 0;
      const { at } = slot.pairs;
      trainPairs(at, at + length, step.rate, step.clip, slot.loss.at, slot.skipped.at);
      return { words: length / pairBytes, examples: length / pairBytes, loss: loss[0] };
    },
  };
};
