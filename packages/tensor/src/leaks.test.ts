import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { describe, expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import { tensor } from "./create.ts";
import { autodiff } from "./decorators/autodiff.ts";
import { differentiate } from "./decorators/differentiate.ts";
import { recomputed } from "./decorators/recomputed.ts";
import { findLeaks, formatLeaks, type Leak } from "./leaks.ts";
import { gelu } from "./ops/activation.ts";
import { add, mul } from "./ops/arithmetic.ts";
import { sum } from "./ops/reduce.ts";
import { softmax } from "./ops/softmax.ts";
import { random } from "./random.ts";
import { keep, Scope, scoped } from "./scope.ts";
import type { Tensor } from "./tensor.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import { Variable } from "./variable.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const on = cpu();
const x = tensor([1, 2], [2], on);
const brief = (leaks: readonly Leak[]): string[] =>
  leaks.map(({ by, type, count, reason }) => `${count} ${type.shape.join("×")} ${by}: ${reason}`);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

describe("finds", () => {
  test("a forgotten keep(), and says where it was made", async () => {
    const forget = (): void => scoped(() => void keep(add(mul(x, 2), 1)));
    const { leaks } = await findLeaks(forget);
    expect(brief(leaks)).toEqual(["1 2 add: holder"]);
    expect(leaks[0]!.stack[0]).toMatch(/leaks\.test\.ts:\d+:\d+/u);
    expect(leaks[0]!.stack.some((frame) => frame.includes("forget"))).toBe(true);
    expect(leaks[0]!.stack.join()).not.toMatch(/src\/(?:op|scope|tensor|create|leaks)\.ts/u);
    expect(formatLeaks(leaks).split("\n").slice(0, 2)).toEqual([
      "1 tensor leaked, 8 bytes:",
      "  1 × f32 [2] by add, in no scope: whoever holds it must dispose it, or return it from a scope",
    ]);
  });
  test("results outside every scope, those of one line together, the largest first", async () => {
    const { leaks } = await findLeaks(() => {
      for (let i = 0; i < 3; i++) mul(x, i);
      tensor([1, 2, 3, 4, 5, 6, 7], [7], on);
    });
    expect(brief(leaks)).toEqual(["3 2 mul: holder", "1 7 tensor(): holder"]);
    const lines = formatLeaks(leaks).split("\n");
    expect(lines[0]).toBe("4 tensors leaked, 52 bytes:");
    expect(lines[1]).toContain("1 × f32 [7] by tensor()");
  });
  test("gradients that were not disposed", async () => {
    const weight = Variable.holding(tensor([1, 2], [2], on));
    const { leaks } = await findLeaks(() => {
      const { value } = differentiate([weight], () => sum(mul(weight.value, weight.value)));
      value[Symbol.dispose]();
    });
    expect(leaks).toHaveLength(1);
    expect(leaks[0]).toMatchObject({ type: { shape: [2] }, reason: "holder" });
    expect(leaks[0]!.stack[0]).toContain("leaks.test.ts");
  });
  test("a scope that never ended", async () => {
    let scope: Scope | undefined;
    const { leaks } = await findLeaks(() => {
      scope = new Scope();
      scope.run(() => add(x, 1));
    });
    expect(brief(leaks)).toEqual(["1 2 add: scope"]);
    expect(formatLeaks(leaks)).toContain("in a scope that never ended: declare it as `using scope = new Scope()`");
    scope![Symbol.dispose]();
  });
  test("a variable that was replaced without being disposed", async () => {
    const state = { cache: Variable.holding(tensor([0, 0], [2], on)) };
    const { leaks } = await findLeaks(
      () => {
        for (let i = 0; i < 3; i++) state.cache = Variable.holding(tensor([i, i], [2], on));
      },
      { collectGarbage },
    );
    expect(brief(leaks)).toEqual(["2 2 tensor(): variable"]); // the first of them was there before, the last is in use
    expect(formatLeaks(leaks)).toContain("in a variable that was forgotten: dispose a variable before it is replaced");
  });
  test("what an asynchronous body leaves behind, also on a backend of promises", async () => {
    const late = promiseBackend(random(1));
    const { result, leaks } = await findLeaks(async () => {
      using scope = new Scope();
      const y = scope.run(() => add(tensor([1, 2], [2], late), 1));
      await pause();
      scope.run(() => keep(softmax(y)));
      return (await y.read())[1];
    });
    expect(result).toBe(3);
    expect(brief(leaks)).toEqual(["1 2 softmax: holder"]);
  });
  test.each([1, 2])(
    "once what leaks below %i decorators, whose inner tensors and compositions it does not count",
    async (depth) => {
      const unfused = cpu({ fused: false });
      const { leaks } = await findLeaks(() => {
        let tape = autodiff(unfused);
        if (depth === 2) tape = autodiff(tape);
        using one = tensor([1, 2], [2], unfused);
        using y = tape.watch(one);
        scoped(() => void keep(softmax(gelu(y))));
        tape.close();
      });
      expect(leaks.map(({ count, by }) => [count, by])).toEqual([[1, "softmax"]]);
    },
  );
  test("what the garbage collector freed in the meantime", async () => {
    const { leaks } = await findLeaks(
      async () => {
        scoped(() => void keep(add(x, 1)));
        await pause();
        collectGarbage();
        await pause();
      },
      { collectGarbage },
    );
    expect(brief(leaks)).toEqual(["1 2 add: collected"]);
    expect(formatLeaks(leaks)).toContain("found by the garbage collector: dispose it, or make it in a scope");
  });
});

describe("does not mind", () => {
  const weight = Variable.holding(tensor([1, 2], [2], on));
  const callers = new Scope();
  const harmless: [string, () => unknown][] = [
    ["what scopes freed", () => scoped(() => void softmax(gelu(add(x, 1))))],
    ["what was disposed", () => keep(add(x, 1))[Symbol.dispose]()],
    ["a result", () => add(x, 1)],
    ["results of a scope, at any depth", () => scoped(() => ({ deep: [add(x, 1), mul(x, 2)] }))],
    ["tensors in maps and sets", () => [new Map([["a", add(x, 1)]]), new Set([add(x, 2)])]],
    ["tensors in an object of a class", () => new Holder(add(x, 3))],
    ["an open scope that is returned", () => [new Scope()].map((scope) => [scope, scope.run(() => void add(x, 1))])],
    ["a scope of the caller's", () => callers.run(() => void add(x, 1))],
    ["a variable that lives on", () => void kept.push(Variable.holding(add(x, 1)))],
    ["gradients that are returned", () => differentiate([weight], () => sum(mul(weight.value, weight.value)))],
    [
      "a segment, and what it keeps",
      () => differentiate([weight], () => sum(recomputed([x], (x) => mul(x, weight.value)))),
    ],
    ["a promise of a result", () => Promise.resolve(add(x, 1))],
  ];
  const kept: Variable[] = [];
  test.each(harmless)("%s", async (_, body) => {
    const { leaks } = await findLeaks(body, { collectGarbage });
    expect(formatLeaks(leaks)).toBe("no leaks");
  });
  test("what was there before", async () => {
    const before = add(x, 1);
    const { leaks } = await findLeaks(() => scoped(() => void mul(keep(before), 2)));
    expect(leaks).toEqual([]);
    using scope = new Scope();
    const callers = scope.run(() => add(x, 1));
    const { leaks: taken } = await findLeaks(() => keep(callers).alive);
    expect(brief(taken)).toEqual(["1 2 keep(): holder"]); // the caller's scope would have freed it
  });
});

class Holder {
  readonly held: Tensor;
  constructor(held: Tensor) {
    this.held = held;
  }
}

test("a handler hears of what the garbage collector finds, also later", async () => {
  const heard: Leak[] = [];
  const own = cpu();
  const { result } = await findLeaks(() => ({ y: tensor([1, 2], [2], own) as Tensor | undefined }), {
    collected: (leak) => heard.push(leak),
  });
  expect([heard, own.memory().tensors]).toEqual([[], 1]);
  result.y = undefined;
  for (let i = 0; i < 20 && heard.length === 0; i++) {
    await pause();
    collectGarbage();
  }
  expect(brief(heard)).toEqual(["1 2 tensor(): collected"]);
  expect(heard[0]!.stack[0]).toContain("leaks.test.ts");
  expect(own.memory().tensors).toBe(0);
});

test("searches do not nest, and one ends when its body throws", async () => {
  await expect(findLeaks(() => findLeaks(() => 0))).rejects.toThrowErrorMatchingInlineSnapshot(
    `[BackendError: findLeaks() runs already, and sees all tensors that are made; run one search after the other]`,
  );
  await expect(
    findLeaks(() => {
      throw new Error("stop");
    }),
  ).rejects.toThrow("stop");
  expect((await findLeaks(() => 3)).result).toBe(3);
});

test("many steps leave no trace in the search itself", async () => {
  const { leaks } = await findLeaks(async () => {
    for (let i = 0; i < 3000; i++) scoped(() => void add(x, i));
    await pause();
  });
  expect(leaks).toEqual([]);
});
