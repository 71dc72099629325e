import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { expectNumbers } from "../testing/op-case.ts";
import { Variable } from "../variable.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { sum } from "./reduce.ts";

const on = cpu();
const half = Math.log(2);

test("huge numbers, infinities and NaN", async () => {
  const rows = [
    [1000, 1000],
    [-1000, -1000],
    [3.4e38, -3.4e38],
    [-Infinity, 5],
    [-Infinity, -Infinity],
    [Infinity, -Infinity],
    [Infinity, Infinity],
    [NaN, Infinity],
    [-Infinity, NaN],
  ];
  expectNumbers(
    await logSumExp(tensor(rows.flat(), [9, 2], on), 1).read(),
    [1000 + half, -1000 + half, 3.4e38, 5, -Infinity, Infinity, Infinity, NaN, NaN],
    1e-6,
  );
});

test("over one axis, several, all, none, and over nothing", async () => {
  const x = tensor([0, 0, 0, 0, 0, 0], [2, 3], on);
  expectNumbers(await logSumExp(x, 0).read(), [half, half, half], 1e-6);
  expectNumbers(await logSumExp(x, [0, 1]).read(), [Math.log(6)], 1e-6);
  expect(logSumExp(x).shape).toEqual([]);
  expect(logSumExp(x, -1, { keepDims: true }).shape).toEqual([2, 1]);
  expect(logSumExp(x, undefined, { keepDims: true }).shape).toEqual([1, 1]);
  expect(await logSumExp(tensor([1, -Infinity], [2], on), []).read()).toEqual(Float32Array.of(1, -Infinity));
  expect(await logSumExp(tensor([], [2, 0], on), 1).read()).toEqual(Float32Array.of(-Infinity, -Infinity));
});

test("the gradient is the softmax, and 0 in a row of −∞", async () => {
  const x = Variable.holding(tensor([0, Math.log(3), -Infinity, -Infinity, -Infinity, 1], [3, 2], on));
  const { gradients } = differentiate([x], () => sum(logSumExp(x.value, 1)));
  expectNumbers(await gradients[0]!.read(), [0.25, 0.75, 0, 0, 0, 1], 1e-6);
});

test("the sum of 16-bit floats may be more than they hold", async () => {
  const many = tensor(new Float32Array(70000), [70000], on, "f16");
  expect((await logSumExp(many).read())[0]).toBeCloseTo(Math.log(70000), 2);
});

test("what does not fit is refused", () => {
  expect(() => logSumExp(tensor([1], [1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: logSumExp: its input must be f32, f16 or bf16, got i32; cast() it]`,
  );
  expect(() => logSumExp(tensor([1], [1], on), 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: logSumExp: axis 1 of a tensor with 1 axes; expected -1 to 0]`,
  );
  expect(() => logSumExp(tensor([1], [1], on), [0, 0])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: logSumExp: axes [0, 0] name axis 0 twice; name each once]`,
  );
});
