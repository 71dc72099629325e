import { describe, expect, test } from "vitest";

import type { Backend } from "./backend.ts";
import { cpu, cpuPrimitives } from "./cpu/cpu.ts";
import { cpuStorage, type Data } from "./cpu/storage.ts";
import { tensor } from "./create.ts";
import { differentiate } from "./decorators/differentiate.ts";
import { kernelBackend } from "./kernel-backend.ts";
import { kernelFor, type Storage } from "./kernel.ts";
import { apply, none, type Composite, type None, type Primitive, type Update } from "./op.ts";
import { div, mul, sub } from "./ops/arithmetic.ts";
import { cast } from "./ops/cast.ts";
import { max } from "./ops/max.ts";
import { layerNorm } from "./ops/norm.ts";
import { exp } from "./ops/pointwise.ts";
import { sum } from "./ops/reduce.ts";
import { writeSliceOp } from "./ops/slice.ts";
import { softmax } from "./ops/softmax.ts";
import { random } from "./random.ts";
import { Scope } from "./scope.ts";
import { place } from "./testing/op-case.ts";
import { floats, plain, type Plain } from "./testing/plain.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import type { Tensor } from "./tensor.ts";
import { Variable } from "./variable.ts";

const backends: readonly [string, () => Backend][] = [
  ["cpu", () => cpu()],
  ["cpu without fused kernels", () => cpu({ fused: false })],
  ["a backend of promises", () => promiseBackend(random(5))],
];
const double = cpu({ precision: "f64" });
const as = (x: Plain, dtype: "f16" | "bf16"): Plain => ({ ...x, dtype });
const unit = { f16: 2 ** -11, bf16: 2 ** -8 };
/** The largest error relative to what is right, in halves of a unit in the last place. */
async function error(made: Tensor, right: Tensor, dtype: "f16" | "bf16"): Promise<number> {
  expect(made.dtype).toBe(dtype);
  const [a, e] = [await made.read(), await right.read()];
  return Math.max(...Array.from(e, (x, i) => Math.abs(a[i]! - x) / (unit[dtype] * Math.max(Math.abs(x), 2 ** -14))));
}

describe.each(["f16", "bf16"] as const)(
  "ops of %s without kernels for it are computed in f32, and rounded once",
  (dtype) => {
    const x = floats([6, 32], random(8));
    const weight = floats([32], random(9));
    test.each(backends)("a softmax and a norm, on %s", async (_, create) => {
      const on = create();
      const [h, w] = [place(as(x, dtype), on), place(as(weight, dtype), on)];
      expect(await error(softmax(h), softmax(place(x, double)), dtype)).toBeLessThanOrEqual(1.001);
      const norm = layerNorm(place(x, double), place(weight, double), undefined);
      expect(await error(layerNorm(h, w, undefined), norm, dtype)).toBeLessThanOrEqual(1.001);
    });
    test.each(backends)("step by step the same would be worse, on %s", async (_, create) => {
      const h = place(as(x, dtype), create());
      const e = exp(sub(h, max(h, -1, { keepDims: true })));
      const stepwise = div(e, sum(e, -1, { keepDims: true }));
      expect(await error(stepwise, softmax(place(x, double)), dtype)).toBeGreaterThan(1.5);
    });
    test.each(backends)("gradients are halves too, rounded where each rule ends, on %s", async (_, create) => {
      const on = create();
      const loss = (v: Variable, w: Tensor) => () => sum(mul(softmax(v.value), w));
      const variable = Variable.holding(place(as(x, dtype), on));
      const { value, gradients } = differentiate([variable], loss(variable, place(as(x, dtype), on)));
      expect([value.dtype, gradients[0]!.dtype]).toEqual([dtype, dtype]);
      const reference = Variable.holding(place(x, double));
      const right = differentiate([reference], loss(reference, place(x, double)));
      const [a, e] = [await gradients[0]!.read(), await right.gradients[0]!.read()];
      for (let i = 0; i < e.length; i++) expect(Math.abs(a[i]! - e[i]!)).toBeLessThan(8 * unit[dtype]);
      variable[Symbol.dispose]();
    });
  },
);

/** x plus 1, by a kernel that says what it was given. */
const nextOp: Primitive<[x: Tensor], None> = { kind: "primitive", name: "test/next", infer: ([x]) => x };
const makeOp: Primitive<[x: Tensor], { dtype: "f16" }> = {
  kind: "primitive",
  name: "test/make",
  infer: ([x], { dtype }) => ({ dtype, shape: x.shape }),
};
const passOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "test/pass",
  infer: ([x]) => ({ dtype: "bf16", shape: x.shape }),
  compose: ([x]) => cast(x, "bf16"),
};
const doubleOp: Update<[x: Tensor], None> = { kind: "update", name: "test/double", gradient: null, infer: ([x]) => x };

function watching(halves: readonly string[], late = false) {
  const plainStorage = cpuStorage("f32");
  const live = new Set<Data>();
  const note = (data: Data): Data => {
    live.add(data);
    return data;
  };
  const storage: Storage<Data> = {
    ...plainStorage,
    allocate: (type) => note(plainStorage.allocate(type)),
    upload: (data, type) => note(plainStorage.upload(data, type)),
    free: (data) => void live.delete(data),
  };
  const seen: string[] = [];
  const maybeLate = <T>(value: T): T | Promise<T> => (late ? Promise.resolve(value) : value);
  const next =
    (step: number) =>
    ([x]: readonly [Data], _: object, call: { output: { dtype: string }; allocate(type: never): Data }) => {
      const y = call.allocate(call.output as never);
      seen.push(`${x.constructor.name} → ${call.output.dtype} ${y.constructor.name}`);
      for (let i = 0; i < y.length; i++) y[i] = x[i]! + step;
      return maybeLate(y);
    };
  const on = kernelBackend<Data>({
    name: "watching",
    storage,
    kernels: cpuPrimitives,
    halves,
    extra: [
      kernelFor<Data, typeof nextOp>(nextOp, next(1)),
      kernelFor<Data, typeof makeOp>(makeOp, next(2 ** -12)),
      kernelFor<Data, typeof doubleOp>(doubleOp, ([x], _, call) => {
        const y = call.reuse(0) ?? call.allocate(call.output);
        for (let i = 0; i < y.length; i++) y[i] = 2 * x[i]!;
        return maybeLate(y);
      }),
    ],
  });
  return { on, seen, live };
}

describe.each([false, true])("what kernels are given (kernels that return promises: %s)", (late) => {
  test("f32, or the bits as they are stored where `halves` names the op", async () => {
    const wide = watching([], late);
    expect(await apply(nextOp, [tensor([1, 2], [2], wide.on, "f16")], none).read()).toEqual(Float32Array.of(2, 3));
    expect(wide.seen).toEqual(["Float32Array → f32 Float32Array"]);
    const raw = watching(["test/next"], late);
    const y = apply(nextOp, [tensor(Uint16Array.of(0x3c00), [1], raw.on, "f16")], none);
    expect(await y.read()).toEqual(Float32Array.of(1 + 2 ** -10)); // the next bits
    expect(raw.seen).toEqual(["Uint16Array → f16 Uint16Array"]);
  });
  test("f32 to write to, also where only the result is a half", async () => {
    const { on, seen } = watching([], late);
    const y = apply(makeOp, [tensor([1, 2 ** -12], [2], on)], { dtype: "f16" });
    expect([y.dtype, await y.read()]).toEqual(["f16", Float32Array.of(1, 2 ** -11)]);
    expect(seen).toEqual(["Float32Array → f32 Float32Array"]);
    const z = apply(passOp, [tensor([1 + 2 ** -9], [1], on)], none);
    expect([z.dtype, await z.read()]).toEqual(["bf16", Float32Array.of(1)]);
  });
  test("what is widened on the way is freed", async () => {
    const { on, live } = watching([], late);
    using scope = new Scope();
    const y = scope.run(() => apply(nextOp, [tensor([1, 2], [2], on, "bf16")], none));
    await y.read();
    expect(on.memory()).toEqual({ tensors: 2, bytes: 8 });
    expect(live.size).toBe(2);
  });
});

describe.each([false, true])("an update of halves (kernels that return promises: %s)", (late) => {
  test("is made in place by a kernel that takes them", async () => {
    const { on, live } = watching(["writeSlice"], late);
    const variable = Variable.holding(tensor([1, 2, 3], [3], on, "f16"));
    const source = tensor([9], [1], on, "f16");
    const before = [...live];
    Variable.update(writeSliceOp, [variable], [source], { axis: 0, start: 1 });
    expect(await variable.host()).toEqual(Float32Array.of(1, 9, 3));
    expect([...live]).toEqual(before);
    expect(on.memory()).toEqual({ tensors: 2, bytes: 8 });
  });
  test("is computed in f32 and replaces the value by another kernel", async () => {
    const { on, live } = watching([], late);
    const variable = Variable.holding(tensor([1, 2.5], [2], on, "bf16"));
    for (let i = 0; i < 3; i++) Variable.update(doubleOp, [variable], [], none);
    expect(variable.value.dtype).toBe("bf16");
    expect(await variable.host()).toEqual(Float32Array.of(8, 20));
    expect(live.size).toBe(1);
    expect(on.memory()).toEqual({ tensors: 1, bytes: 4 });
  });
});

test("supports() answers for the kernel that would run", () => {
  const on = cpu();
  const x = plain([2], () => 1);
  for (const dtype of ["f32", "f16", "bf16"] as const)
    expect(on.supports(nextOp, none, [{ dtype, shape: x.shape }])).toBe(false);
  const asked: string[] = [];
  const picky = cpu({
    extra: [
      kernelFor<Data, typeof nextOp>(nextOp, {
        accepts: (_, [type]) => {
          asked.push(type.dtype);
          return true;
        },
        run: ([input]) => input.slice(),
      }),
    ],
  });
  expect(picky.supports(nextOp, none, [{ dtype: "f16", shape: [2] }])).toBe(true);
  expect(asked).toEqual(["f32"]);
});
