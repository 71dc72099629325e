import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { less } from "./compare.ts";
import { log } from "./pointwise.ts";
import { sum } from "./reduce.ts";
import { where } from "./where.ts";

const on = cpu();
const mask = tensor([1, 0, 1], [3], on, "bool");
const x = tensor([1, NaN, 3], [3], on);

test("what is not chosen leaves no trace, neither value nor gradient", async () => {
  expect(await where(mask, x, 0).read()).toEqual(Float32Array.of(1, 0, 3));
  const variable = Variable.holding(tensor([1, -1, Math.E], [3], on));
  const { value, gradients } = differentiate([variable], () =>
    sum(where(less(0, variable.value), log(where(less(0, variable.value), variable.value, 1)), 0)),
  );
  expect((await value.read())[0]).toBeCloseTo(1, 6);
  expect((await gradients[0]!.read())[1]).toBe(0);
});

test("a gradient that is NaN does not reach what was not chosen", async () => {
  const [a, b] = [Variable.holding(tensor([1, 2, 3], [3], on)), Variable.holding(tensor([4, 5, 6], [3], on))];
  const { gradients } = differentiate([a, b], () => sum(where(mask, a.value, b.value)));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(1, 0, 1));
  expect(await gradients[1]!.read()).toEqual(Float32Array.of(0, 1, 0));
});

test("two numbers give f32", async () => {
  const y = where(mask, 1, 0.5);
  expect(y.dtype).toBe("f32");
  expect(await y.read()).toEqual(Float32Array.of(1, 0.5, 1));
});

test("what does not fit is refused", () => {
  expect(() => where(x, 1, 0)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: where: the mask must be bool, got f32; cast() it]`,
  );
  expect(() => where(mask, x, mask)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: where: f32 with bool. There is no implicit promotion: cast() one of them.]`,
  );
  expect(() => where(mask, tensor([1, 2], [2], on), 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: where: shapes [3] and [2] do not broadcast: axis -1 is 3 against 2]`,
  );
});
