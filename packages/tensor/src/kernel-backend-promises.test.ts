import { describe, expect, test } from "vitest";

import type { Backend } from "./backend.ts";
import { cpu } from "./cpu/cpu.ts";
import { tensor, zeros } from "./create.ts";
import { differentiate } from "./decorators/differentiate.ts";
import type { Op } from "./op.ts";
import { adamwOp } from "./ops/adamw.ts";
import { add, mul } from "./ops/arithmetic.ts";
import * as composites from "./ops/composites.ts";
import { crossEntropy } from "./ops/cross-entropy.ts";
import { linear } from "./ops/linear.ts";
import { layerNorm } from "./ops/norm.ts";
import { exp, log } from "./ops/pointwise.ts";
import * as primitives from "./ops/primitives.ts";
import { sum } from "./ops/reduce.ts";
import { reshape } from "./ops/reshape.ts";
import { slice, writeSliceOp } from "./ops/slice.ts";
import { random } from "./random.ts";
import { keep, Scope, scoped } from "./scope.ts";
import { compositeCases } from "./testing/composite-cases.ts";
import { describeCase, expectClose, place, runCase, type OpCase } from "./testing/op-case.ts";
import { floats } from "./testing/plain.ts";
import { primitiveCases } from "./testing/primitive-cases.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import { Variable } from "./variable.ts";

const seeds = [1, 2, 3];

test("every op gives the same through kernels that return promises", async () => {
  const on = promiseBackend(random(5));
  const all: Record<string, Op> = { ...primitives, ...composites };
  const checks: Promise<void>[] = [];
  {
    using scope = new Scope();
    for (const [name, cases] of Object.entries<readonly OpCase[]>({ ...primitiveCases, ...compositeCases })) {
      for (const each of cases) {
        const outputs = scope.run(() => runCase(all[name]!, each, on));
        outputs.forEach((output, i) =>
          checks.push(expectClose(output, each.expected[i]!, 1e-5, describeCase(name, each))),
        );
      }
    }
  } // everything is freed while most of it is still queued
  await Promise.all(checks);
});

describe("program order", () => {
  test.each(seeds)("of kernels and frees (seed %i)", async (seed) => {
    const on = promiseBackend(random(seed));
    const reads: Promise<ArrayLike<number>>[] = [];
    using scope = new Scope();
    let x = scope.run(() => tensor([1, 2], [2], on));
    for (let i = 0; i < 20; i++) {
      const next = scope.run(() => scoped(() => add(mul(x, 2), reshape(tensor([i, i], [2, 1], on), [2]))));
      if (i % 5 === 0) reads.push(next.read());
      x[Symbol.dispose](); // while the kernel that reads it waits
      x = next;
    }
    const expected = [1, 2].map((start) => {
      let value = start;
      return Array.from({ length: 20 }, (_, i) => (value = value * 2 + i));
    });
    const at = (i: number) => Float32Array.of(expected[0]![i]!, expected[1]![i]!);
    expect(await x.read()).toEqual(at(19));
    expect(await Promise.all(reads)).toEqual([0, 5, 10, 15].map(at));
  });

  test.each(seeds)("of uploads from promises (seed %i)", async (seed) => {
    const on = promiseBackend(random(seed));
    const late = on.upload(new Promise((resolve) => setTimeout(() => resolve(Float32Array.of(1, 2)), 3)), {
      dtype: "f32",
      shape: [2],
    });
    const y = scoped(() => add(late, tensor([10, 20], [2], on)));
    late[Symbol.dispose]();
    expect(await y.read()).toEqual(Float32Array.of(11, 22));
    y[Symbol.dispose]();
    await Promise.resolve();
    expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
  });

  test.each(seeds)(
    "of update ops: in place when nobody else holds the value, and after every read before it (seed %i)",
    async (seed) => {
      const on = promiseBackend(random(seed));
      const cache = Variable.holding(zeros([4, 2], on));
      const seen: Promise<ArrayLike<number>>[] = [];
      const held: ReturnType<typeof keep>[] = [];
      for (let i = 0; i < 4; i++) {
        scoped(() => {
          const row = add(tensor([i, i], [1, 2], on), 1);
          Variable.update(writeSliceOp, [cache], [row], { axis: 0, start: i });
          if (i % 2 === 0) held.push(keep(reshape(cache.value, [8]))); // shares the storage: the next write must copy
          if (i % 2 === 1) seen.push(sum(mul(cache.value, cache.value)).read()); // an op and a read of what is about to change
        });
      }
      expect(await cache.host()).toEqual(Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4));
      expect(await Promise.all(seen)).toEqual([Float32Array.of(10), Float32Array.of(60)]);
      expect(await held[0]!.read()).toEqual(Float32Array.of(1, 1, 0, 0, 0, 0, 0, 0));
      expect(await held[1]!.read()).toEqual(Float32Array.of(1, 1, 2, 2, 3, 3, 0, 0));
      cache[Symbol.dispose]();
      for (const tensor of held) tensor[Symbol.dispose]();
      expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
    },
  );

  test.each(seeds)("so that training takes the very same steps as on cpu (seed %i)", async (seed) => {
    expect(await train(promiseBackend(random(seed)))).toEqual(await train(cpu()));
    expect(await train(promiseBackend(random(seed), [], false))).toEqual(await train(cpu({ fused: false })));
  });
});

/** A few steps of AdamW on a small network; the losses and the weights at the end. */
async function train(on: Backend): Promise<ArrayLike<number>[]> {
  const dice = random(40);
  const make = (shape: number[]) => ({
    value: Variable.holding(place(floats(shape, dice), on)),
    moments: [0, 1].map(() => Variable.holding(zeros(shape, on))),
  });
  const [weight, bias, scale] = [make([3, 4]), make([3]), make([4])];
  const parameters = [weight, bias, scale];
  const [x, targets] = [place(floats([5, 4], dice), on), tensor([0, 1, 2, 1, 0], [5], on, "i32")];
  const losses: Promise<ArrayLike<number>>[] = [];
  for (let step = 1; step <= 4; step++) {
    const { value, gradients } = differentiate(
      parameters.map((parameter) => parameter.value),
      () =>
        crossEntropy(linear(layerNorm(x, scale.value.value, undefined), weight.value.value, bias.value.value), targets),
    );
    losses.push(value.read());
    value[Symbol.dispose]();
    parameters.forEach((parameter, i) => {
      Variable.update(adamwOp, [parameter.value, ...parameter.moments], [gradients[i]!], {
        rate: 0.1,
        beta1: 0.9,
        beta2: 0.99,
        epsilon: 1e-8,
        decay: 0.01,
        step,
      });
      gradients[i]![Symbol.dispose]();
    });
  }
  const weights = await Promise.all(parameters.map((parameter) => parameter.value.host()));
  const after = on.memory().tensors;
  expect(after).toBe(3 * 3 + 2);
  return [...(await Promise.all(losses)), ...weights];
}

describe("an error", () => {
  test("surfaces at the read of what depends on it, naming the op and the backend; everything else goes on", async () => {
    const on = promiseBackend(random(3), ["exp"]);
    const x = tensor([1, 2], [2], on);
    const bad = scoped(() => add(log(exp(x)), 1));
    const good = scoped(() => add(log(x), 1));
    await expect(bad.read()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: exp failed on promises: device lost]`,
    );
    await expect(slice(bad, 0, 0, 1).read()).rejects.toMatchObject({
      name: "BackendError",
      fields: { op: "exp", backend: "promises" },
      cause: { message: "device lost" },
    });
    expect((await good.read())[0]).toBeCloseTo(1, 6);
    for (const tensor of [bad, good, x]) tensor[Symbol.dispose]();
  });
  test("of a promised upload surfaces there too", async () => {
    const on = promiseBackend(random(3));
    const x = on.upload(Promise.reject(new Error("file is gone")), { dtype: "f32", shape: [1] });
    await expect(add(x, 1).read()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: an upload to promises failed: file is gone]`,
    );
  });
  test("of an update in place spoils the variable, not the queue", async () => {
    const on = promiseBackend(random(3), ["writeSlice"]);
    const cache = Variable.holding(zeros([2], on));
    Variable.update(writeSliceOp, [cache], [tensor([1], [1], on)], { axis: 0, start: 0 });
    await expect(cache.host()).rejects.toThrow("writeSlice failed on promises: device lost");
    expect(await tensor([1], [1], on).read()).toEqual(Float32Array.of(1));
  });
  test("of a composition names the op that failed", async () => {
    const on = promiseBackend(random(3), ["tanh"], false);
    const y = scoped(() => composites.gelu.compose([tensor([1], [1], on)], { form: "tanh" }));
    await expect(y.read()).rejects.toThrow("tanh failed on promises: device lost");
  });
});
