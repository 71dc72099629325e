import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu, cpuPrimitives } from "../cpu/cpu.ts";
import { cpuStorage, type Data } from "../cpu/storage.ts";
import { tensor, zeros } from "../create.ts";
import { kernelBackend } from "../kernel-backend.ts";
import { kernelFor } from "../kernel.ts";
import { apply, none, type None, type Primitive } from "../op.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { exp } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { writeSliceOp } from "../ops/slice.ts";
import { softmax } from "../ops/softmax.ts";
import { topK } from "../ops/top-k.ts";
import { random } from "../random.ts";
import { Scope, scoped } from "../scope.ts";
import type { TensorType } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { withoutKernels } from "../testing/without-kernels.ts";
import { Variable } from "../variable.ts";
import { differentiate } from "./differentiate.ts";
import { fallback } from "./fallback.ts";

const late = (seed: number): Backend => promiseBackend(random(seed));

const sides: [string, () => Backend, () => Backend][] = [
  ["cpu to cpu", () => cpu(), () => cpu()],
  ["cpu to promises", () => cpu(), () => late(2)],
  ["promises to cpu", () => late(1), () => cpu()],
  ["promises to promises", () => late(1), () => late(2)],
];

describe.each(sides)("from %s", (_, makeInner, makeOther) => {
  test("what has no kernel moves, there and back, and the result is the same", async () => {
    const other = makeOther();
    const on = fallback(withoutKernels(makeInner(), "exp", "topK"), other);
    const x = tensor([1, 2, 3, 4], [2, 2], on);
    const y = add(exp(mul(x, 0.5)), x);
    const [values, places] = topK(y, 1);
    const plain = cpu();
    const [expectedValues, expectedPlaces] = topK(
      add(exp(mul(tensor([1, 2, 3, 4], [2, 2], plain), 0.5)), tensor([1, 2, 3, 4], [2, 2], plain)),
      1,
    );
    expect([y.backend, values.backend]).toEqual([on, on]);
    expect(await values.read()).toEqual(await expectedValues.read());
    expect(await places.read()).toEqual(await expectedPlaces.read());
    expect(on.moved()).toEqual([
      { op: "exp", calls: 1, bytes: 16 + 16 },
      { op: "topK", calls: 1, bytes: 16 + 8 + 8 },
    ]);
  });
  test("keeps the order of the program: updates in place before and after a move", async () => {
    const dice = random(11);
    for (let round = 0; round < 5; round++) {
      const on = fallback(withoutKernels(makeInner(), "mul"), makeOther());
      const cell = Variable.holding(zeros([3], on));
      const values = [0, 0, 0];
      const seen: [Tensor, number[]][] = [];
      using scope = new Scope();
      scope.run(() => {
        for (let i = 0; i < 12; i++) {
          if (dice.integer(2) === 0) seen.push([mul(cell.value, 2), values.map((value) => 2 * value)]);
          else if (dice.integer(3) === 0) {
            // What was moved goes on into the cell.
            const start = dice.integer(2);
            Variable.update(writeSliceOp, [cell], [mul(tensor([i, i], [2], on), 3)], { axis: 0, start });
            values.splice(start, 2, 3 * i, 3 * i);
          } else {
            const start = dice.integer(3);
            Variable.update(writeSliceOp, [cell], [tensor([i], [1], on)], { axis: 0, start });
            values[start] = i;
          }
        }
      });
      for (const [actual, expected] of seen) expect(await actual.read()).toEqual(Float32Array.from(expected));
      expect(await cell.host()).toEqual(Float32Array.from(values));
    }
  });
  test("an update moves too, where it has no kernel and no composition", async () => {
    const on = fallback(withoutKernels(makeInner(), "writeSlice"), makeOther());
    const cell = Variable.holding(tensor([1, 2, 3], [3], on));
    using before = reshape(cell.value, [3, 1]);
    Variable.update(writeSliceOp, [cell], [tensor([9], [1], on)], { axis: 0, start: 1 });
    expect(await cell.host()).toEqual(Float32Array.of(1, 9, 3));
    expect(await before.read()).toEqual(Float32Array.of(1, 2, 3));
    expect(on.moved()).toEqual([{ op: "writeSlice", calls: 1, bytes: 12 + 4 + 12 }]);
  });
  test("memory is flat over many moves, on both", async () => {
    const [inner, other] = [makeInner(), makeOther()];
    const on = fallback(withoutKernels(inner, "exp"), other);
    const x = tensor([1, 2], [2], on);
    let last: Tensor = x;
    for (let i = 0; i < 300; i++) {
      const next = scoped(() => mul(exp(mul(last, 0)), x));
      if (last !== x) last[Symbol.dispose]();
      last = next;
    }
    expect(await last.read()).toEqual(Float32Array.of(1, 2));
    expect(inner.memory()).toEqual({ tensors: 2, bytes: 16 });
    expect(other.memory()).toEqual({ tensors: 0, bytes: 0 });
    expect(on.memory()).toEqual(inner.memory());
    expect(on.moved()).toEqual([{ op: "exp", calls: 300, bytes: 300 * 16 }]);
  });
  test("gradients go through, with a tape around", async () => {
    const gradientOn = async (on: Backend) => {
      const x = Variable.holding(tensor([1, 2, 3], [3], on));
      const { value, gradients } = differentiate([x], () => sum(mul(softmax(exp(x.value)), x.value)));
      return [await value.read(), await gradients[0]!.read()];
    };
    const on = fallback(withoutKernels(makeInner(), "exp"), makeOther());
    expect(await gradientOn(on)).toEqual(await gradientOn(cpu()));
    expect(on.moved().map(({ op }) => op)).toContain("exp");
  });
});

describe("only what must moves:", () => {
  test("a composite is composed first, and of its parts those with kernels stay", async () => {
    const on = fallback(withoutKernels(cpu(), "softmax", "exp"), cpu());
    const y = softmax(tensor([1, 2], [2], on));
    expect(await y.read()).toEqual(await softmax(tensor([1, 2], [2], cpu({ fused: false }))).read());
    expect(on.moved()).toEqual([{ op: "exp", calls: 1, bytes: 16 }]);
  });
  test("the calls that a kernel declines, by dtype or attribute", async () => {
    const kernels = {
      ...cpuPrimitives,
      add: { accepts: (_: unknown, [x]: readonly [TensorType]) => x.dtype !== "i32", run: cpuPrimitives.add },
      topK: { accepts: ({ k }: { k: number }) => k === 1, run: cpuPrimitives.topK },
    };
    const picky = kernelBackend<Data>({ name: "picky", storage: cpuStorage("f32"), kernels: kernels as never });
    const on = fallback(picky, cpu());
    const [x, n] = [tensor([3, 1, 2], [3], on), tensor([1, 2, 3], [3], on, "i32")];
    add(x, x);
    topK(x, 1);
    expect(on.moved()).toEqual([]);
    expect(on.table()).toMatchInlineSnapshot(`"nothing moved: picky has a kernel for all that ran"`);
    expect(await add(n, n).read()).toEqual(Int32Array.of(2, 4, 6));
    expect(await topK(x, 2)[0].read()).toEqual(Float32Array.of(3, 2));
    expect(on.moved().map(({ op, calls }) => [op, calls])).toEqual([
      ["add", 1],
      ["topK", 1],
    ]);
    expect(on.table()).toMatchInlineSnapshot(`
      "moved from picky to cpu:
      op     calls  bytes there and back
      add        1                  36 B
      topK       1                  28 B
      ----------------------------------
      total      2                  64 B"
    `);
  });
  test("16-bit floats move as such, and keep every bit", async () => {
    const on = fallback(withoutKernels(cpu(), "exp"), cpu());
    const y = exp(tensor([0.5, 1], [2], on, "bf16"));
    expect(y.dtype).toBe("bf16");
    expect(await y.read()).toEqual(await exp(tensor([0.5, 1], [2], cpu(), "bf16")).read());
    expect(on.moved()).toEqual([{ op: "exp", calls: 1, bytes: 8 }]);
  });
  test("numbers and sources move nothing but their result", async () => {
    const source: Primitive<[], None> = {
      kind: "primitive",
      name: "test/source",
      gradient: null,
      infer: () => ({ dtype: "f32", shape: [2] }),
    };
    const other = cpu({ extra: [kernelFor<Data, typeof source>(source, () => Float32Array.of(1, 2))] });
    const on = fallback(cpu(), other);
    expect(on.supports(source, none, [])).toBe(true);
    expect(await apply(source, [], none, on).read()).toEqual(Float32Array.of(1, 2));
    expect(on.moved()).toEqual([{ op: "test/source", calls: 1, bytes: 8 }]);
  });
});
