import { describe, expect, test } from "vitest";

import { cpu, cpuPrimitives } from "../cpu/cpu.ts";
import { cpuStorage } from "../cpu/storage.ts";
import { tensor, zeros } from "../create.ts";
import { kernelBackend } from "../kernel-backend.ts";
import { apply, none, type None, type Primitive } from "../op.ts";
import { add } from "../ops/arithmetic.ts";
import { matmul } from "../ops/matmul.ts";
import { exp } from "../ops/pointwise.ts";
import { reshape } from "../ops/reshape.ts";
import { writeSliceOp } from "../ops/slice.ts";
import { softmax } from "../ops/softmax.ts";
import { stopGradient } from "../ops/stop-gradient.ts";
import { topK } from "../ops/top-k.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { dryRun, type DryRun } from "./dry-run.ts";
import { fallback } from "./fallback.ts";

const rowOf = (on: DryRun, op: string) => on.report().rows.find((row) => row.op === op);

describe("counts", () => {
  test("floating-point operations: as the op says, else one for each element of the results; views are free", () => {
    const on = dryRun();
    const [a, b] = [zeros([3, 4], on), zeros([4, 5], on)];
    const y = add(matmul(a, b), 1);
    stopGradient(reshape(y, [15]));
    topK(y, 2);
    expect(y.shape).toEqual([3, 5]);
    expect(on.report()).toMatchObject({ ops: 5, flops: 2 * 3 * 4 * 5 + 15 + 2 * (3 * 2) });
    expect(rowOf(on, "matmul")).toEqual({ op: "matmul", calls: 1, flops: 120, bytes: (12 + 20 + 15) * 4 });
    expect(rowOf(on, "reshape")).toEqual({ op: "reshape", calls: 1, flops: 0, bytes: 0 });
    expect(on.report().rows[0]!.op).toBe("matmul");
  });
  test("bytes as each dtype is stored, two levels of q4 to a byte", () => {
    const on = dryRun();
    const bytes = { f32: 32, f16: 16, bf16: 16, i32: 32, u8: 8, bool: 8, q8: 8, q4: 4 } as const;
    for (const [dtype, expected] of Object.entries(bytes)) {
      const before = on.memory().bytes;
      const x = on.upload(() => expect.fail("asked for values"), { dtype: dtype as keyof typeof bytes, shape: [2, 4] });
      expect(on.memory().bytes - before).toBe(expected);
      x[Symbol.dispose]();
    }
    expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
    expect(on.report().peakBytes).toBe(32);
  });
  test("variables that are alive, whose values are never made; promised values are not awaited", async () => {
    const on = dryRun();
    const weight = new Variable({ dtype: "f32", shape: [1000, 1000] }, () => expect.fail("asked for values"));
    await weight.place(on);
    const small = Variable.holding(on.upload(Promise.reject(new Error("no")), { dtype: "q4", shape: [8] }, "variable"));
    expect(on.report().variables).toEqual({ tensors: 2, elements: 1_000_008, bytes: 4_000_004 });
    weight[Symbol.dispose]();
    small[Symbol.dispose]();
    expect(on.report()).toMatchObject({ variables: { tensors: 0, elements: 0, bytes: 0 }, peakBytes: 4_000_004 });
  });
  test("an update in place as no new memory, and as a copy where somebody else holds the tensor", () => {
    const on = dryRun();
    const cache = Variable.holding(on.upload(new Float32Array(8), { dtype: "f32", shape: [8] }, "variable"));
    const source = zeros([2], on);
    const write = (): void => Variable.update(writeSliceOp, [cache], [source], { axis: 0, start: 0 });
    write();
    expect(on.report()).toMatchObject({ peakBytes: 40, flops: 2 }); // two elements are written, not eight
    using held = reshape(cache.value, [2, 4]);
    write();
    expect(on.report().peakBytes).toBe(72);
    expect(on.report().variables).toEqual({ tensors: 1, elements: 8, bytes: 32 }); // what is held is none any more
    expect(held.shape).toEqual([2, 4]);
  });
  test("a composite as one op where the imitated backend has a kernel, else as smaller ops", () => {
    const opsOf = (on: DryRun): string[] => {
      softmax(zeros([2, 2], on));
      return on
        .report()
        .rows.map(({ op }) => op)
        .sort();
    };
    const smaller = ["div", "exp", "max", "stopGradient", "sub", "sum"];
    expect(opsOf(dryRun({ like: cpu() }))).toEqual(["softmax"]);
    expect(opsOf(dryRun({ like: cpu({ fused: false }) }))).toEqual(smaller);
    expect(opsOf(dryRun())).toEqual(smaller);
  });
  test("anew after a reset, from what is alive", () => {
    const on = dryRun();
    const x = zeros([4], on);
    scoped(() => void exp(x));
    expect(on.report()).toMatchObject({ ops: 1, peakBytes: 32 });
    on.reset();
    expect(on.report()).toMatchObject({ ops: 0, flops: 0, rows: [], peakBytes: 16 });
  });
});

test("the table says it all", async () => {
  const on = dryRun({ like: cpu() });
  const weight = new Variable({ dtype: "f32", shape: [256, 1024] }, () => new Float32Array(2 ** 18));
  await weight.place(on);
  for (const _ of [1, 2]) scoped(() => void softmax(matmul(zeros([8, 256], on), weight.value)));
  expect(on.name).toBe("dryRun like cpu");
  expect(on.table()).toMatchInlineSnapshot(`
    "op       calls    FLOPs   share     bytes
    matmul       2   8.39 M   99.8%   2.18 MB
    softmax      2  16.38 k    0.2%  131.1 kB
    -----------------------------------------
    total        4   8.40 M  100.0%   2.31 MB
    variables: 262,144 elements in 1 tensor, 1.05 MB
    peak memory: 1.12 MB, variables included"
  `);
  expect(dryRun().table()).toMatchInlineSnapshot(`
    "op     calls  FLOPs  share  bytes
    ---------------------------------
    total      0      0   0.0%    0 B
    variables: 0 elements in 0 tensors, 0 B
    peak memory: 0 B, variables included"
  `);
});

describe("refuses", () => {
  const on = dryRun({ like: cpu() });
  test("to be read", async () => {
    await expect(exp(zeros([1], on)).read()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: dryRun like cpu computes nothing, so there are no values to read; report() says what computing them would take]`,
    );
    await expect(zeros([1], dryRun()).read()).rejects.toThrow("dryRun computes nothing");
    expect(on.settled()).toBe(undefined);
  });
  test("shapes that do not fit, as ever", () => {
    expect(() => add(zeros([2], on), zeros([3], on))).toThrow("shapes [2] and [3] do not broadcast");
  });
  test("tensors of other backends", () => {
    expect(() => on.lift(zeros([1], cpu()))).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: "dryRun like cpu" wraps no backend, so it cannot see a tensor of "cpu". Upload the values instead.]`,
    );
    expect(() => add(zeros([1], on), zeros([1], cpu()))).toThrow("neither wraps the other");
  });
  test("a primitive that the imitated backend lacks; without one it counts any", () => {
    const strange: Primitive<[x: Tensor], None> = { kind: "primitive", name: "vendor/strange", infer: ([x]) => x };
    expect(() => apply(strange, [zeros([1], on)], none)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: dryRun like cpu: cpu has no kernel for vendor/strange, and vendor/strange is not composed of smaller ops]`,
    );
    expect(apply(strange, [zeros([1], dryRun())], none).shape).toEqual([1]);
  });
});

test("imitates two backends that share the work", () => {
  const kernels = { ...cpuPrimitives, exp: { accepts: () => false, run: cpuPrimitives.exp } };
  const small = kernelBackend({ name: "small", storage: cpuStorage("f32"), kernels: kernels as never });
  const on = dryRun({ like: fallback(small, cpu()) });
  exp(tensor([1], [1], on));
  expect(rowOf(on, "exp")).toMatchObject({ calls: 1 });
  expect(() => exp(tensor([1], [1], dryRun({ like: small })))).toThrow("small has no kernel for exp");
});
