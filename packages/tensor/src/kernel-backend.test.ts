import { describe, expect, test } from "vitest";

import { cpu, cpuPrimitives } from "./cpu/cpu.ts";
import { cpuStorage, type Data } from "./cpu/storage.ts";
import { tensor } from "./create.ts";
import { kernelBackend } from "./kernel-backend.ts";
import { kernelFor, type Storage } from "./kernel.ts";
import { apply, none, type None, type Primitive, type Update } from "./op.ts";
import { softmaxOp } from "./ops/softmax.ts";
import { add, addOp } from "./ops/arithmetic.ts";
import { adamwOp } from "./ops/adamw.ts";
import { reshapeOp, reshape } from "./ops/reshape.ts";
import { softmax } from "./ops/softmax.ts";
import { topK } from "./ops/top-k.ts";
import { Scope, scoped } from "./scope.ts";
import type { Tensor } from "./tensor.ts";
import { Variable } from "./variable.ts";

/** Storage of cpu that knows what is alive, and refuses to free what is not. */
function counted(): { storage: Storage<Data>; live: Set<Data> } {
  const plain = cpuStorage("f32");
  const live = new Set<Data>();
  const note = (data: Data): Data => {
    live.add(data);
    return data;
  };
  const free = (data: Data): void => {
    if (!live.delete(data)) throw new Error("freed what is not alive");
  };
  return {
    live,
    storage: {
      ...plain,
      allocate: (type) => note(plain.allocate(type)),
      upload: (data, type) => note(plain.upload(data, type)),
      free,
    },
  };
}

/** x ← 2 x, in place where it may. `grow` never overwrites, though it may. */
const doubleOp: Update<[x: Tensor, ...rest: Tensor[]], None> = {
  kind: "update",
  name: "test/double",
  gradient: null,
  infer: ([x]) => x,
};
const growOp: Update<[x: Tensor], None> = { kind: "update", name: "test/grow", gradient: null, infer: ([x]) => x };

function counting(late = false) {
  const { storage, live } = counted();
  const seen: (Data | undefined)[] = [];
  const maybeLate = <T>(value: T): T | Promise<T> => (late ? Promise.resolve(value) : value);
  const doubled = (x: Data, y: Data): Data => {
    x.forEach((value, i) => (y[i] = 2 * value));
    return y;
  };
  const on = kernelBackend<Data>({
    name: "counting",
    storage,
    kernels: {
      ...cpuPrimitives,
      add: (inputs, attrs, call) =>
        maybeLate((cpuPrimitives.add as never as (...all: unknown[]) => Data)(inputs, attrs, call)),
    },
    extra: [
      kernelFor<Data, typeof doubleOp>(doubleOp, ([x], _, call) => {
        const own = call.reuse(0);
        seen.push(own);
        return maybeLate(doubled(x, own ?? call.allocate(call.output)));
      }),
      kernelFor<Data, typeof growOp>(growOp, ([x], _, call) => maybeLate(doubled(x, call.allocate(call.output)))),
    ],
  });
  return { on, live, seen };
}

describe("storage", () => {
  test.each([false, true])(
    "is freed once, when its last holder lets go (kernels that return promises: %s)",
    async (late) => {
      const { on, live } = counting(late);
      const x = tensor([1, 2], [2], on);
      const y = scoped(() => reshape(add(add(x, 1), x), [2, 1]));
      x[Symbol.dispose]();
      const z = reshape(y, [1, 2]);
      y[Symbol.dispose]();
      expect(await z.read()).toEqual(Float32Array.of(3, 5));
      expect(live.size).toBe(1);
      z[Symbol.dispose]();
      expect(live.size).toBe(0);
      expect(on.memory()).toEqual({ tensors: 0, bytes: 0 });
    },
  );
  test("counts each storage once, whatever aliases it has, in the bytes of its dtype", () => {
    const { on } = counting();
    using scope = new Scope();
    scope.run(() => {
      const x = tensor([1, 2, 3], [3], on);
      reshape(x, [3, 1]);
      expect(on.memory()).toEqual({ tensors: 1, bytes: 12 });
      tensor([1, 0, 1], [3], on, "bool");
      expect(on.memory()).toEqual({ tensors: 2, bytes: 15 });
      topK(x, 2);
      expect(on.memory()).toEqual({ tensors: 4, bytes: 31 });
    });
  });
});

describe.each([false, true])("an update (kernels that return promises: %s)", (late) => {
  test("overwrites the storage that only the variable holds", async () => {
    const { on, live, seen } = counting(late);
    const variable = Variable.holding(tensor([1, 2], [2], on));
    const [own] = live;
    for (let i = 0; i < 3; i++) Variable.update(doubleOp, [variable], [], none);
    expect(await variable.host()).toEqual(Float32Array.of(8, 16));
    expect(seen).toEqual([own, own, own]);
    expect(seen.every((data) => data === own)).toBe(true);
    expect([...live]).toEqual([own]);
    variable[Symbol.dispose]();
    expect(live.size).toBe(0);
  });
  test("copies when somebody else holds the storage", async () => {
    const { on, seen } = counting(late);
    const variable = Variable.holding(tensor([1, 2], [2], on));
    const view = reshape(variable.value, [2, 1]);
    Variable.update(doubleOp, [variable], [], none);
    expect(await view.read()).toEqual(Float32Array.of(1, 2));
    expect(await variable.host()).toEqual(Float32Array.of(2, 4));
    expect(seen).toEqual([undefined]);
    view[Symbol.dispose]();
    Variable.update(doubleOp, [variable], [], none);
    await variable.host();
    expect(seen[1]).toBeDefined();
  });
  test("copies when the value comes in twice", async () => {
    const { on, seen } = counting(late);
    const variable = Variable.holding(tensor([1, 2], [2], on));
    Variable.update(doubleOp, [variable], [variable.value], none);
    expect(await variable.host()).toEqual(Float32Array.of(2, 4));
    expect(seen).toEqual([undefined]);
  });
  test("may give new storage instead: the old one is freed", async () => {
    const { on, live } = counting(late);
    const variable = Variable.holding(tensor([1, 2], [2], on));
    for (let i = 0; i < 3; i++) Variable.update(growOp, [variable], [], none);
    expect(await variable.host()).toEqual(Float32Array.of(8, 16));
    expect(live.size).toBe(1);
    variable[Symbol.dispose]();
    expect(live.size).toBe(0);
  });
});

describe("kernels", () => {
  const on = cpu();
  test("a composite without a kernel, or whose kernel declines the call, runs its composition here", async () => {
    const table = { ...cpuPrimitives };
    const calls: number[] = [];
    const some = kernelBackend<Data>({
      name: "some",
      storage: cpuStorage("f32"),
      kernels: {
        ...table,
        softmax: {
          accepts: ({ axis }, [x]) => axis === 1 && x.shape.length === 2,
          run: ([x], _, call) => {
            calls.push(x.length);
            return call.allocate(call.output).fill(0.25);
          },
        },
      },
    });
    const x = tensor([1, 1, 2, 2], [2, 2], some);
    expect(await softmax(x, 1).read()).toEqual(Float32Array.of(0.25, 0.25, 0.25, 0.25));
    expect((await softmax(x, 0).read())[0]).toBeCloseTo(1 / (1 + Math.E), 6);
    expect(calls).toEqual([4]);
    expect(some.supports(softmaxOp, { axis: 1 }, [x.type])).toBe(true);
    expect(some.supports(softmaxOp, { axis: 0 }, [x.type])).toBe(false);
    expect(some.supports(addOp, {}, [x.type, 1])).toBe(true);
    expect(some.supports(reshapeOp, { shape: [4] }, [x.type])).toBe(true);
    expect(cpu({ fused: false }).supports(softmaxOp, { axis: 1 }, [x.type])).toBe(false);
  });
  test("an op without kernel and composition is refused", () => {
    const oddOp: Primitive<[x: Tensor], None> = { kind: "primitive", name: "vendor/odd", infer: ([x]) => x };
    const x = tensor([1], [1], on);
    expect(() => apply(oddOp, [x], none)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: cpu has no kernel for vendor/odd, and vendor/odd is not composed of smaller ops]`,
    );
    expect(() => Variable.update(doubleOp, [Variable.holding(x)], [], none)).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: cpu has no kernel for test/double, and test/double is not composed of smaller ops]`,
    );
  });
  test("an update op without a kernel runs its composition", async () => {
    const composed = cpu({ fused: false });
    const [p, m, v] = [1, 0, 0].map((value) => Variable.holding(tensor([value], [1], composed))) as [
      Variable,
      Variable,
      Variable,
    ];
    Variable.update(adamwOp, [p, m, v], [tensor([1], [1], composed)], {
      rate: 0.5,
      beta1: 0.9,
      beta2: 0.9,
      epsilon: 0,
      decay: 0,
      step: 1,
    });
    expect((await p.host())[0]).toBeCloseTo(0.5, 6);
    expect(composed.memory().tensors).toBe(4);
  });
  test("a root has nothing below it to lift", () => {
    expect(() => on.lift(tensor([1], [1], cpu()))).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: "cpu" wraps no backend, so it cannot see a tensor of "cpu". Upload the values instead.]`,
    );
    const x = tensor([5], [1], on);
    const alias = on.lower(x);
    x[Symbol.dispose]();
    expect(alias.alive).toBe(true);
  });
});

test("a kernel that returns its input is refused: two tensors would own one storage", () => {
  const sameOp: Primitive<[x: Tensor], None> = {
    kind: "primitive",
    name: "test/same",
    gradient: null,
    infer: ([x]) => x,
  };
  const on = cpu({ extra: [kernelFor<Data, typeof sameOp>(sameOp, ([x]) => x)] });
  expect(() => apply(sameOp, [tensor([1], [1], on)], none)).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: cpu: the kernel of test/same returned its input; it must return fresh storage]`,
  );
});
