import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { add, mul } from "../ops/arithmetic.ts";
import { sum } from "../ops/reduce.ts";
import { writeSliceOp } from "../ops/slice.ts";
import { currentScope } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { Variable } from "../variable.ts";
import { autodiff } from "./autodiff.ts";
import { differentiate } from "./differentiate.ts";
import { profile } from "./profile.ts";

const on = cpu();
const variable = (...data: number[]): Variable => Variable.holding(tensor(data, [data.length], on));

/** The gradient of the loss, in the scope of the outer one. */
function gradientWithin(wrt: Variable, loss: () => Tensor): Tensor {
  const { value, gradients } = differentiate([wrt], loss);
  value[Symbol.dispose]();
  currentScope()!.adopt(gradients[0]!);
  return gradients[0]!;
}

test("a loss within reads the variables of the loss around it: d/dy of d/dx of x² y is 2 x", async () => {
  const [x, y] = [variable(2), variable(3)];
  const before = on.memory();
  const { value, gradients } = differentiate([y], () =>
    sum(gradientWithin(x, () => sum(mul(mul(x.value, x.value), y.value)))),
  );
  expect(await value.read()).toEqual(Float32Array.of(12));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(4));
  for (const tensor of [value, ...gradients]) tensor![Symbol.dispose]();
  expect(on.memory()).toEqual(before);
});

test("three deep, each with a variable of its own: d³ / dx dy dz of x² y² z² is 8 x y z", async () => {
  const [x, y, z] = [variable(2), variable(3), variable(5)];
  const square = (v: Variable): Tensor => mul(v.value, v.value);
  const { gradients } = differentiate([x], () =>
    sum(gradientWithin(y, () => sum(gradientWithin(z, () => mul(mul(square(x), square(y)), square(z)))))),
  );
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(8 * 2 * 3 * 5));
});

test("results that have nothing to do with the loss around it are on their variables' own backend", async () => {
  const [x, y] = [variable(2), variable(3)];
  const { gradients } = differentiate([y], () => {
    const step = gradientWithin(x, () => mul(x.value, x.value));
    expect(step.backend).toBe(on);
    Variable.update(writeSliceOp, [x], [step], { axis: 0, start: 0 }); // so x can be trained within
    return mul(x.value, y.value);
  });
  expect(await x.host()).toEqual(Float32Array.of(4));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(4));
});

test("variables of another backend are differentiated there", async () => {
  const other = cpu();
  const [x, y] = [variable(2), Variable.holding(tensor([3], [1], other))];
  const { gradients } = differentiate([x], () => {
    expect(gradientWithin(y, () => mul(y.value, y.value)).backend).toBe(other);
    return mul(x.value, x.value);
  });
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(4));
});

test("goes through a decorator that lies between", async () => {
  const profiled = profile(on);
  const x = variable(2);
  const y = Variable.holding(tensor([3], [1], profiled));
  const { gradients } = differentiate([y], () => gradientWithin(x, () => mul(mul(x.value, x.value), add(y.value, 1))));
  expect(gradients[0]!.backend).toBe(profiled);
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(4));
});

test("the enclosing tape is forgotten when its loss ends or throws", () => {
  const [x, y] = [variable(2), variable(3)];
  expect(() => differentiate([y], () => expect.fail("stop"))).toThrow("stop");
  const { value, gradients } = differentiate([x], () => {
    expect(x.value.backend.name).toBe(autodiff(on).name);
    return mul(x.value, x.value);
  });
  expect([value.backend, gradients[0]!.backend]).toEqual([on, on]);
});
