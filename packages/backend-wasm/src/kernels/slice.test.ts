import {
  concat,
  pad,
  primitives,
  slice,
  tensor,
  Variable,
  writeSliceOp,
  type Backend,
  type DType,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { expectAsOnCpu, filled, moved } from "../../test/against-cpu.ts";
import { eachEngine } from "../../test/each-engine.ts";
import { copyKernels } from "./copy.ts";
import { sliceHalves, sliceTable } from "./slice.ts";

const { slice: sliceOp, pad: padOp, concat: concatOp, writeSlice } = primitives;
const ops = { slice: sliceOp, pad: padOp, concat: concatOp, writeSlice };
const edges = [0, 1, 3, 4, 5, 15, 16, 17, 64, 100];

eachEngine(copyKernels, sliceTable, sliceHalves, (tested) => {
  const check = (make: (on: Backend) => Tensor): Promise<void> => expectAsOnCpu(tested.on, make);

  describe.each(["slice", "pad", "concat", "writeSlice"] as const)("the cases of %s", (name) => {
    test.each(primitiveCases[name].map((each) => [describeCase(name, each), each] as const))("%s", async (_, each) => {
      await expectClose(runCase(ops[name], each, tested.on)[0]!, each.expected[0]!, 0);
    });
  });

  test.each(moved)("entries of any length from anywhere along each axis, in %s", async (dtype) => {
    for (const n of edges) {
      await check((on) => slice(filled([3, n + 5, 2], dtype, on), 1, 2, n));
      await check((on) => slice(filled([7, n + 3], dtype, on), -1, 3, n));
      await check((on) => slice(filled([n + 1, 3], dtype, on), 0, 1, n));
    }
  });

  test.each(moved)("zeros before and after, in %s", async (dtype) => {
    for (const n of edges) {
      await check((on) => pad(filled([5, 3], dtype, on), 1, n, 1));
      await check((on) => pad(filled([5, n], dtype, on), 1, 1, 2));
      await check((on) => pad(filled([3, 2], dtype, on), 0, 2, n));
    }
  });

  test.each(moved)("several joined along each axis, in %s", async (dtype) => {
    for (const n of edges) {
      await check((on) => concat([filled([4, n], dtype, on), filled([4, 3], dtype, on), filled([4, 1], dtype, on)], 1));
      await check((on) => concat([filled([n, 3], dtype, on), filled([2, 3], dtype, on)], 0));
    }
  });

  test("much, divided among threads", async () => {
    await check((on) => slice(filled([600, 1000], "f32", on), 1, 1, 998));
    await check((on) => slice(filled([3, 300_000], "f16", on), 0, 1, 2));
    await check((on) => pad(filled([30_000, 3], "f32", on), 1, 1, 2));
    await check((on) => pad(filled([2, 300_000], "u8", on), 1, 300_001, 5));
    await check((on) => concat([filled([900, 300], "f32", on), filled([900, 301], "f32", on)], 1));
  });

  /** A variable after some of its entries were written. */
  function written(shape: Shape, from: Shape, axis: number, start: number, dtype: DType, on: Backend): Tensor {
    const target = Variable.holding(filled(shape, dtype, on));
    Variable.update(writeSliceOp, [target], [filled(from, dtype, on)], { axis, start });
    return target.value;
  }
  test.each(moved)("entries written along each axis, in %s", async (dtype) => {
    for (const n of edges) {
      await check((on) => written([3, n + 4, 2], [3, n, 2], 1, 2, dtype, on));
      await check((on) => written([n + 2, 3], [n, 3], 0, 1, dtype, on));
      await check((on) => written([5, n + 1], [5, n], 1, 0, dtype, on));
    }
    await check((on) => written([400, 1000], [400, 997], 1, 2, dtype, on));
  });

  test("an update writes in place where it may, and leaves what others hold as it was", async () => {
    const { on } = tested;
    const cache = Variable.holding(tensor([1, 2, 3], [3], on));
    const { bytes } = on.memory();
    const write = (x: number): void =>
      Variable.update(writeSliceOp, [cache], [tensor([x], [1], on)], { axis: 0, start: 1 });
    write(7);
    expect(on.memory().bytes - bytes).toBe(4); // the source alone
    const held = on.share(cache.value, cache.value.type);
    write(8);
    expect(await held.read()).toEqual(Float32Array.of(1, 7, 3));
    expect(await cache.value.read()).toEqual(Float32Array.of(1, 8, 3));
  });
});
