import { expect, test } from "vitest";

import { cpu } from "./cpu/cpu.ts";
import type { Data } from "./cpu/storage.ts";
import { tensor } from "./create.ts";
import { differentiate } from "./decorators/differentiate.ts";
import { kernelFor } from "./kernel.ts";
import { apply, none, type Composite, type None, type Primitive } from "./op.ts";
import { mul } from "./ops/arithmetic.ts";
import { sum } from "./ops/reduce.ts";
import { iotaOp } from "./ops/source.ts";
import { centralDifferences, gradientOf, ruleGradients, weighted } from "./testing/gradient-check.ts";
import { expectNumbers } from "./testing/op-case.ts";
import { at, floats, plain } from "./testing/plain.ts";
import { promiseBackend } from "./testing/promise-backend.ts";
import { random } from "./random.ts";
import { Scope } from "./scope.ts";
import type { Tensor } from "./tensor.ts";
import { Variable } from "./variable.ts";

// What a stranger writes in a package of their own: an op, the function that applies it, and perhaps a kernel.
const cubeOp: Composite<[x: Tensor], None> = {
  kind: "composite",
  name: "vendor/cube",
  infer: ([x]) => x,
  compose: ([x]) => mul(mul(x, x), x),
};
const ruledOp: Composite<[x: Tensor], None> = {
  ...cubeOp,
  saves: "inputs",
  gradient: ({ inputs: [x], upstream }) => [() => mul(upstream, mul(mul(x, x), 3))],
};
const cubeKernel = kernelFor<Data, typeof cubeOp>(cubeOp, ([x], _, call) => {
  const y = call.allocate(call.output);
  x.forEach((value, i) => (y[i] = value ** 3));
  calls++;
  return y;
});
let calls = 0;

test.each([cubeOp, ruledOp])("a stranger's composite computes and differentiates everywhere", async (op) => {
  const x = floats([2, 3], random(1));
  const each = { inputs: [x], attrs: none, expected: [plain([2, 3], (i) => at(x, i) ** 3)] };
  for (const on of [cpu(), cpu({ fused: false }), promiseBackend(random(2))]) {
    expectNumbers(await apply(op, [tensor(x.data, [2, 3], on)], none).read(), each.expected[0]!.data, 1e-5);
  }
  for (const extra of [[], [cubeKernel]]) {
    const on = cpu({ precision: "f64", extra });
    const once = weighted(op, each, on);
    const twice = gradientOf(once, on);
    expectNumbers(await ruleGradients(once), await centralDifferences(once), 1e-7);
    expectNumbers(await ruleGradients(twice), await centralDifferences(twice), 1e-6);
  }
});

test("a stranger's kernel runs where it is given, also under a tape when the op has a rule", async () => {
  const on = cpu({ extra: [cubeKernel] });
  const x = Variable.holding(tensor([1, 2], [2], on));
  calls = 0;
  expect(await apply(cubeOp, [x.value], none).read()).toEqual(Float32Array.of(1, 8));
  expect(calls).toBe(1);
  differentiate([x], () => sum(apply(ruledOp, [x.value], none)));
  expect(calls).toBe(2);
  differentiate([x], () => sum(apply(cubeOp, [x.value], none))); // without a rule its smaller ops are recorded instead
  expect(calls).toBe(2);
  expect(on.supports(cubeOp, none, [x.type])).toBe(true);
  expect(cpu().supports(cubeOp, none, [x.type])).toBe(false);
});

test("several outputs", async () => {
  const bothOp: Composite<[x: Tensor], None, readonly [square: Tensor, cube: Tensor]> = {
    kind: "composite",
    name: "vendor/both",
    infer: ([x]) => [x, x],
    compose: ([x]) => [mul(x, x), mul(mul(x, x), x)],
  };
  const on = cpu();
  const x = Variable.holding(tensor([3], [1], on));
  const { value, gradients } = differentiate([x], () => {
    const [square, cube] = apply(bothOp, [x.value], none);
    return sum(mul(square, cube));
  });
  expect(await value.read()).toEqual(Float32Array.of(243));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(5 * 81));
});

test("a composition that passes its argument through gives an alias", () => {
  const sameOp: Composite<[x: Tensor], None> = {
    kind: "composite",
    name: "vendor/same",
    infer: ([x]) => x,
    compose: ([x]) => x,
  };
  const on = cpu();
  const x = tensor([1], [1], on);
  {
    using scope = new Scope();
    const y = scope.run(() => apply(sameOp, [x], none));
    expect(y).not.toBe(x);
  }
  expect(x.alive).toBe(true);
  expect(on.memory().tensors).toBe(1);
});

test("an op without tensors needs a backend", async () => {
  expect(() => apply(iotaOp, [], { length: 3, start: 0 })).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: iota: no input is a tensor, so nothing says where to compute it. Pass a backend.]`,
  );
  expect(await apply(iotaOp, [], { length: 3, start: 1 }, cpu()).read()).toEqual(Int32Array.of(1, 2, 3));
});

test("an infer that returns its argument's type does not keep its tensor alive", () => {
  const sameTypeOp: Primitive<[x: Tensor], None> = { kind: "primitive", name: "exp", infer: ([x]) => x };
  const x = tensor([1], [1], cpu());
  expect(apply(sameTypeOp, [x], none).type).toBe(x.type);
  expect(x.type).toEqual({ dtype: "f32", shape: [1] });
});
