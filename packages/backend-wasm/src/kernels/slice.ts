import { bytesPerElement, sizeOf, type Call, type KernelTable, type TensorType } from "@tenon/tensor";

import { storedBytes, type Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { runClear, runCopy } from "./copy.ts";

/** A tensor seen from one axis: how many runs lie outside it, and the bytes of a run and of one entry of the axis. */
function along({ dtype, shape }: TensorType, axis: number): { runs: number; run: number; entry: number } {
  const entry = sizeOf(shape.slice(axis + 1)) * bytesPerElement(dtype);
  return { runs: sizeOf(shape.slice(0, axis)), run: shape[axis]! * entry, entry };
}
const typeAt = (call: Call<Block>, i: number): TensorType => call.inputs[i] as TensorType;

/** Entries of one axis taken, surrounded, joined and overwritten: copies of runs, whatever the dtype. */
export const sliceTable = (engine: Engine): Pick<KernelTable<Block>, "slice" | "pad" | "concat" | "writeSlice"> => ({
  slice: ([x], { axis, start }, call) => {
    const y = call.allocate(call.output);
    const from = along(typeAt(call, 0), axis);
    const { runs, run } = along(call.output, axis);
    runCopy(engine, {
      y: engine.at(y),
      x: engine.at(x) + start * from.entry,
      runs,
      bytes: run,
      yStep: run,
      xStep: from.run,
    });
    return y;
  },
  pad: ([x], { axis, before, after }, call) => {
    const y = call.allocate(call.output);
    const from = along(typeAt(call, 0), axis);
    const { runs, run, entry } = along(call.output, axis);
    const at = engine.at(y);
    const inside = at + before * entry;
    runClear(engine, { y: at, runs, bytes: before * entry, yStep: run });
    runCopy(engine, { y: inside, x: engine.at(x), runs, bytes: from.run, yStep: run, xStep: from.run });
    runClear(engine, { y: inside + from.run, runs, bytes: after * entry, yStep: run });
    return y;
  },
  concat: (xs, { axis }, call) => {
    const y = call.allocate(call.output);
    const { runs, run } = along(call.output, axis);
    let at = engine.at(y);
    xs.forEach((x, i) => {
      const from = along(typeAt(call, i), axis);
      runCopy(engine, { y: at, x: engine.at(x), runs, bytes: from.run, yStep: run, xStep: from.run });
      at += from.run;
    });
    return y;
  },
  writeSlice: ([target, source], { axis, start }, call) => {
    const own = call.reuse(0);
    const y = own ?? call.allocate(call.output);
    const { runs, run, entry } = along(call.output, axis);
    const at = engine.at(y);
    if (own === undefined) {
      const bytes = storedBytes(call.output);
      runCopy(engine, { y: at, x: engine.at(target), runs: 1, bytes, yStep: bytes, xStep: bytes });
    }
    const from = along(typeAt(call, 1), axis).run;
    runCopy(engine, { y: at + start * entry, x: engine.at(source), runs, bytes: from, yStep: run, xStep: from });
    return y;
  },
});

/** These take 16-bit floats as they are stored. */
export const sliceHalves: readonly string[] = ["slice", "pad", "concat", "writeSlice"];
