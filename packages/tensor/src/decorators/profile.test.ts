import { describe, expect, test, vi } from "vitest";

import { cpu, cpuPrimitives } from "../cpu/cpu.ts";
import { cpuStorage, type Data } from "../cpu/storage.ts";
import { tensor, zeros } from "../create.ts";
import { kernelBackend } from "../kernel-backend.ts";
import { kernelFor } from "../kernel.ts";
import { apply, none, type Composite, type None } from "../op.ts";
import { gelu } from "../ops/activation.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { exp } from "../ops/pointwise.ts";
import { sum } from "../ops/reduce.ts";
import { reshape } from "../ops/reshape.ts";
import { writeSliceOp } from "../ops/slice.ts";
import { softmax } from "../ops/softmax.ts";
import { topK } from "../ops/top-k.ts";
import { random } from "../random.ts";
import { Scope, scoped } from "../scope.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";
import { differentiate } from "./differentiate.ts";
import { dryRun } from "./dry-run.ts";
import { profile, type Profile, type ProfileRow } from "./profile.ts";
import { record } from "./record.ts";

const rowsOf = async (on: Profile): Promise<Record<string, ProfileRow>> =>
  Object.fromEntries((await on.report()).map((row) => [row.op, row]));

/** Runs `body` with a clock that only `tick` moves. */
async function withClock<T>(body: (tick: (ms: number) => void) => Promise<T>): Promise<T> {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  try {
    return await body((ms) => (now += ms));
  } finally {
    clock.mockRestore();
  }
}

/** A cpu whose add takes 2 ms and whose exp takes 5, at once or as promises that settle in microtasks. */
function slow(tick: (ms: number) => void, late: boolean) {
  const taking =
    (ms: number, run: unknown) =>
    (...call: readonly unknown[]): unknown => {
      const work = (): unknown => {
        tick(ms);
        return (run as (...all: readonly unknown[]) => unknown)(...call);
      };
      return late ? Promise.resolve().then(work) : work();
    };
  const kernels = { ...cpuPrimitives, add: taking(2, cpuPrimitives.add), exp: taking(5, cpuPrimitives.exp) };
  return kernelBackend({ name: "slow", storage: cpuStorage("f32"), kernels: kernels as never });
}

describe("counts", () => {
  test("calls and bytes of kernels, with numbers and views free of charge", async () => {
    const on = profile(cpu());
    const x = tensor([1, 2, 3, 4], [2, 2], on);
    const y = mul(add(x, 1), add(x, tensor([5, 6], [2], on)));
    topK(reshape(y, [4]), 3);
    const rows = await rowsOf(on);
    expect(rows["add"]).toMatchObject({ how: "kernel", calls: 2, bytes: 16 + 16 + (16 + 8 + 16) });
    expect(rows["mul"]).toMatchObject({ how: "kernel", calls: 1, bytes: 48 });
    expect(rows["reshape"]).toMatchObject({ how: "view", calls: 1, bytes: 0 });
    expect(rows["topK"]).toMatchObject({ how: "kernel", calls: 1, bytes: 16 + 12 + 12 });
    expect(await y.read()).toEqual(Float32Array.of(12, 24, 32, 50));
  });
  test("a composite that has a kernel as one op, and one that has none as those that it is composed of, too", async () => {
    const fused = profile(cpu());
    softmax(zeros([2, 2], fused));
    expect((await fused.report()).map(({ op, how }) => [op, how])).toEqual([["softmax", "kernel"]]);

    const plain = profile(cpu({ fused: false }));
    for (const _ of [1, 2]) softmax(zeros([2, 2], plain));
    const { softmax: whole, ...parts } = await rowsOf(plain);
    expect(whole).toMatchObject({ how: "composed", calls: 2 });
    expect(parts["exp"]).toMatchObject({ how: "kernel", calls: 2, bytes: 2 * 32 });
    expect(Object.keys(parts)).toEqual(expect.arrayContaining(["max", "sub", "exp", "sum", "div"]));
    expect(whole!.bytes).toBe(Object.values(parts).reduce((total, { bytes }) => total + bytes, 0));
  });
  test("one op in two ways, where its kernel takes some calls only", async () => {
    const doubled: Composite<[x: ReturnType<typeof zeros>], None> = {
      kind: "composite",
      name: "test/doubled",
      infer: ([x]) => x,
      compose: ([x]) => add(x, x),
    };
    const kernel = kernelFor<Data, typeof doubled>(doubled, {
      accepts: (_, [x]) => x.shape.length === 1,
      run: ([x]) => x.map((value) => 2 * value),
    });
    const on = profile(cpu({ extra: [kernel] }));
    for (const shape of [[2], [2, 1], [3]]) apply(doubled, [zeros(shape, on)], none);
    const rows = (await on.report()).filter(({ op }) => op === "test/doubled");
    expect(rows.map(({ how, calls }) => [how, calls]).sort()).toEqual([
      ["composed", 1],
      ["kernel", 2],
    ]);
  });
  test("updates", async () => {
    const on = profile(cpu());
    const cache = Variable.holding(zeros([4], on));
    Variable.update(writeSliceOp, [cache], [tensor([1, 2], [2], on)], { axis: 0, start: 1 });
    expect((await rowsOf(on))["writeSlice"]).toMatchObject({ how: "kernel", calls: 1, bytes: 16 + 8 + 16 });
    expect(await cache.host()).toEqual(Float32Array.of(0, 1, 2, 0));
  });
  test("the backward pass, when a tape is around it", async () => {
    const on = profile(cpu());
    const x = Variable.holding(tensor([1, 2], [2], on));
    const { gradients } = differentiate([x], () => sum(gelu(x.value)));
    expect(gradients[0]!.backend).toBe(on);
    expect(Object.keys(await rowsOf(on))).toEqual(expect.arrayContaining(["gelu", "geluGradient"]));
  });
  test("nothing of what failed, and no more under the op that it failed in", async () => {
    const broken: Composite<[x: ReturnType<typeof zeros>], None> = {
      kind: "composite",
      name: "test/broken",
      infer: ([x]) => x,
      compose: ([x]) => {
        exp(x);
        throw new Error("stop");
      },
    };
    const on = profile(cpu());
    const x = zeros([2], on);
    expect(() => apply(broken, [x], none)).toThrow("stop");
    const { bytes } = (await rowsOf(on))["test/broken"]!;
    mul(x, x);
    expect((await rowsOf(on))["test/broken"]!.bytes).toBe(bytes);
  });
});

describe("times", () => {
  test.each([false, true])("each kernel by itself, also in a queue (kernels that return promises: %s)", (late) =>
    withClock(async (tick) => {
      const on = profile(slow(tick, late));
      const x = zeros([2], on);
      add(exp(add(x, x)), exp(x));
      const rows = await rowsOf(on);
      expect(rows["add"]).toMatchObject({ calls: 2, time: 4 });
      expect(rows["exp"]).toMatchObject({ calls: 2, time: 10 });
    }),
  );
  test.each([false, true])("a composed op as the sum of its kernels (promises: %s)", (late) =>
    withClock(async (tick) => {
      const on = profile(slow(tick, late));
      softmax(add(zeros([2], on), 1));
      const rows = await rowsOf(on);
      expect(rows["softmax"]).toMatchObject({ how: "composed", time: 5 });
      expect(rows["exp"]).toMatchObject({ time: 5 });
      expect(rows["add"]).toMatchObject({ time: 2 });
    }),
  );
  test("not what a queue waited for before: a promised upload, or an idle host", () =>
    withClock(async (tick) => {
      const on = profile(slow(tick, true));
      const values = Promise.resolve().then(() => {
        tick(1000);
        return Float32Array.of(1, 2);
      });
      const y = add(on.upload(values, { dtype: "f32", shape: [2] }), 1);
      expect(await y.read()).toEqual(Float32Array.of(2, 3));
      tick(500);
      exp(y);
      const rows = await rowsOf(on);
      expect(rows["add"]!.time).toBe(2);
      expect(rows["exp"]!.time).toBe(5);
    }));
  test("a queued kernel that fails, which is no error of the report", async () => {
    const on = profile(promiseBackend(random(1), ["exp"]));
    const y = exp(tensor([1], [1], on));
    expect((await rowsOf(on))["exp"]).toMatchObject({ calls: 1 });
    await expect(y.read()).rejects.toThrow("exp failed on promises: device lost");
  });
});

describe("the table", () => {
  test("is sorted by time, and adds up what is not composed", () =>
    withClock(async (tick) => {
      const on = profile(slow(tick, false));
      const x = zeros([64, 64], on);
      for (const _ of [1, 2, 3]) add(exp(x), x);
      softmax(reshape(x, [4096]));
      expect(await on.table()).toMatchInlineSnapshot(`
        "op            how       calls  total ms  µs per call    share     bytes
        exp           kernel        4    20.000       5000.0    76.9%  131.1 kB
        add           kernel        3     6.000       2000.0    23.1%  147.5 kB
        softmax       composed      1     5.000       5000.0  (19.2%)  131.1 kB
        div           kernel        1     0.000          0.0     0.0%  32.77 kB
        max           kernel        1     0.000          0.0     0.0%  16.39 kB
        reshape       view          1     0.000          0.0     0.0%       0 B
        stopGradient  view          1     0.000          0.0     0.0%       0 B
        sub           kernel        1     0.000          0.0     0.0%  32.77 kB
        sum           kernel        1     0.000          0.0     0.0%  16.39 kB
        -----------------------------------------------------------------------
        total                      13    26.000       2000.0   100.0%  376.8 kB
        composed: slow has no kernel for it; the smaller ops that ran have rows of their own, so it is not added up"
      `);
    }));
  test("of nothing is a total of nothing", async () => {
    expect(await profile(cpu()).table()).toMatchInlineSnapshot(`
      "op     how  calls  total ms  µs per call  share  bytes
      ------------------------------------------------------
      total           0     0.000          0.0   0.0%    0 B"
    `);
  });
  test("begins anew after a reset", async () => {
    const on = profile(promiseBackend(random(1)));
    const x = zeros([2], on);
    exp(x);
    on.reset();
    add(x, x);
    expect((await on.report()).map(({ op, calls }) => [op, calls])).toEqual([["add", 1]]);
  });
});

test.each([false, true])("leaves no memory behind (promises: %s)", async (late) => {
  const root = late ? promiseBackend(random(2), [], false) : cpu({ fused: false });
  const on = profile(root);
  using scope = new Scope();
  const y = scope.run(() => scoped(() => softmax(gelu(tensor([1, 2, 3, 4], [2, 2], on)))));
  await y.read();
  expect(root.memory().tensors).toBe(1);
  scope[Symbol.dispose]();
  expect(root.memory().tensors).toBe(0);
});

test("refuses a dry run, where no time passes", () => {
  expect(() => profile(dryRun())).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: profile(dryRun): a dry run computes nothing, so there is no time to measure; its own table() has the calls, the bytes and the FLOPs]`,
  );
  expect(() => profile(autodiff(record(dryRun())))).toThrow("a dry run computes nothing");
});
