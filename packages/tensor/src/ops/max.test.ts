import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { Variable } from "../variable.ts";
import { max, mean } from "./max.ts";

const on = cpu();

test("max: NaN wins wherever it stands; −∞ over nothing", async () => {
  const rows = tensor([1, NaN, 3, NaN, 2, 1, -Infinity, -Infinity, -Infinity, 1, 2, Infinity], [4, 3], on);
  expect(await max(rows, 1).read()).toEqual(Float32Array.of(NaN, NaN, -Infinity, Infinity));
  expect(await max(rows, 0).read()).toEqual(Float32Array.of(NaN, NaN, Infinity));
  expect(await max(tensor([], [2, 0], on), 1).read()).toEqual(Float32Array.of(-Infinity, -Infinity));
  expect(await max(rows).read()).toEqual(Float32Array.of(NaN));
});

test("max: elements that tie share the gradient", async () => {
  const x = Variable.holding(tensor([3, 1, 3, 2], [4], on));
  const { gradients } = differentiate([x], () => max(x.value));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(0.5, 0, 0.5, 0));
});

test("mean over one axis, several, all, from either end, kept or not", async () => {
  const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 3, 2], on);
  expect(await mean(x, -1).read()).toEqual(Float32Array.of(1.5, 3.5, 5.5, 7.5, 9.5, 11.5));
  expect(await mean(x, [0, -1]).read()).toEqual(Float32Array.of(4.5, 6.5, 8.5));
  expect(await mean(x, [0, -1, 2]).read()).toEqual(Float32Array.of(4.5, 6.5, 8.5)); // the same axis twice counts once
  expect(await mean(x).read()).toEqual(Float32Array.of(6.5));
  expect(mean(x, 1, { keepDims: true }).shape).toEqual([2, 1, 2]);
  expect(mean(x, [], { keepDims: true }).shape).toEqual([2, 3, 2]);
  expect(await mean(tensor([], [0], on)).read()).toEqual(Float32Array.of(NaN));
  expect(() => mean(x, 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sum: axis 3 of a tensor with 3 axes; expected -3 to 2]`,
  );
});
