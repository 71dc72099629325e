import { describe, expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { type Data } from "../cpu/storage.ts";
import { tensor } from "../create.ts";
import { kernelFor } from "../kernel.ts";
import { apply, none, type None, type Primitive, type Update } from "../op.ts";
import { add } from "../ops/arithmetic.ts";
import { exp, log } from "../ops/pointwise.ts";
import { random } from "../random.ts";
import { scoped } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { promiseBackend } from "../testing/promise-backend.ts";
import { withoutKernels } from "../testing/without-kernels.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";
import { dryRun } from "./dry-run.ts";
import { fallback } from "./fallback.ts";
import { profile } from "./profile.ts";
import { record } from "./record.ts";

const late = (seed: number): Backend => promiseBackend(random(seed));

describe("an error", () => {
  const failing = (ops: readonly string[]): Backend => promiseBackend(random(4), ops);
  test("of a moved op surfaces at the read, naming the op and the other backend, also further on; all else goes on", async () => {
    for (const inner of [cpu(), late(5)]) {
      const on = fallback(withoutKernels(inner, "exp", "log"), failing(["exp"]));
      const x = tensor([1, 2], [2], on);
      const y = exp(x);
      const further = [y, add(y, 1), log(add(y, 1))];
      const good = log(x);
      for (const bad of further) {
        await expect(bad.read()).rejects.toMatchObject({
          message: `exp was moved from withoutKernels(${inner.name}) to promises, where exp failed on promises: device lost`,
          fields: { op: "exp", backend: "promises" },
        });
      }
      expect((await good.read())[0]).toBe(0);
    }
  });
  test("of an op before the move is that op's", async () => {
    const on = fallback(withoutKernels(failing(["log"]), "exp"), cpu());
    const y = exp(log(tensor([1], [1], on)));
    await expect(y.read()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: log failed on promises: device lost]`,
    );
  });
  test("of a kernel that throws is told with the op's name", async () => {
    const twice: Primitive<[x: Tensor], None> = { kind: "primitive", name: "test/twice", infer: ([x]) => x };
    const other = cpu({
      extra: [
        kernelFor<Data, typeof twice>(twice, () => {
          throw new Error("out of luck");
        }),
      ],
    });
    const y = apply(twice, [tensor([1], [1], fallback(cpu(), other))], none);
    await expect(y.read()).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: test/twice was moved from cpu to cpu, where test/twice failed on cpu: out of luck]`,
    );
    expect(other.memory().tensors).toBe(0);
  });
  test("that nobody reads bothers nobody", async () => {
    const on = fallback(withoutKernels(late(6), "exp"), failing(["exp"]));
    const x = tensor([1], [1], on);
    for (let i = 0; i < 20; i++) scoped(() => void add(exp(x), 1));
    expect(await add(x, 1).read()).toEqual(Float32Array.of(2)); // an unhandled rejection would fail the run
  });
  test("of an op that neither has says so at once", () => {
    const strange: Primitive<[x: Tensor], None> = { kind: "primitive", name: "test/strange", infer: ([x]) => x };
    const update: Update<[x: Tensor], None> = { kind: "update", name: "test/update", infer: ([x]) => x };
    const on = fallback(cpu(), late(1));
    expect(() => apply(strange, [tensor([1], [1], on)], none)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: neither cpu nor promises has a kernel for test/strange, and test/strange is not composed of smaller ops]`,
    );
    const cell = Variable.holding(tensor([1], [1], on));
    expect(() => Variable.update(update, [cell], [], none)).toThrow("has a kernel for test/update");
  });
});

describe("refuses", () => {
  const [a, b] = [cpu(), late(1)];
  test("one backend twice", () => {
    expect(() => fallback(a, a)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: fallback(cpu, cpu): both are the same backend, so what has no kernel there has none here]`,
    );
  });
  test("two backends that meet in one", () => {
    expect(() => fallback(a, profile(a))).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: fallback(cpu, profile(cpu)): both run on the same "cpu", so what has no kernel there would move to where it has none]`,
    );
    expect(() => fallback(profile(a), a)).toThrow('both run on the same "cpu"');
    expect(() => fallback(profile(a), profile(a))).toThrow('both run on the same "cpu"');
    expect(() => fallback(fallback(a, b), profile(b))).toThrow('both run on the same "promises"');
    expect(fallback(fallback(a, b), cpu()).name).toBe("fallback(fallback(cpu, promises), cpu)");
  });
  test("a dry run", () => {
    expect(() => fallback(dryRun(), a)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: fallback(dryRun, cpu): a dry run has no values that could move; dryRun({ like: fallback(…) }) tells what the two together would take]`,
    );
    expect(() => fallback(a, dryRun())).toThrow("a dry run has no values that could move");
  });
  test("a tape or a recorder inside", () => {
    expect(() => fallback(autodiff(a), b)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: fallback(autodiff(cpu), promises): what moves would leave the tape, and its gradient be lost; write autodiff(fallback(…)) instead]`,
    );
    expect(() => fallback(a, profile(autodiff(b)))).toThrow("write autodiff(fallback(…)) instead");
    expect(() => fallback(record(a), b)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: fallback(record(cpu), promises): what moves would enter the graph as a constant, not as an op; write record(fallback(…)) instead]`,
    );
    expect(() => fallback(a, record(b))).toThrow("write record(fallback(…)) instead");
  });
  test("tensors of the other backend", () => {
    expect(() => add(tensor([1], [1], fallback(a, b)), tensor([1], [1], b))).toThrow("neither wraps the other");
  });
});
