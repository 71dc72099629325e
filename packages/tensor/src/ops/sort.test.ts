import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import { place } from "../testing/op-case.ts";
import { floats } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { sum } from "./reduce.ts";
import { sort } from "./sort.ts";

const on = cpu();

test("equals keep their order, either way", async () => {
  const x = tensor([2, 5, 5, 1, 5, 2], [6], on);
  const [up, upIndices] = sort(x);
  expect(await up.read()).toEqual(Float32Array.of(1, 2, 2, 5, 5, 5));
  expect(await upIndices.read()).toEqual(Int32Array.of(3, 0, 5, 1, 2, 4));
  const [down, downIndices] = sort(x, { descending: true });
  expect(await down.read()).toEqual(Float32Array.of(5, 5, 5, 2, 2, 1));
  expect(await downIndices.read()).toEqual(Int32Array.of(1, 2, 4, 0, 5, 3));
  expect(await sort(tensor([-0, 0, -0], [3], on))[1].read()).toEqual(Int32Array.of(0, 1, 2));
});

test("NaN counts as largest: last upwards, first downwards", async () => {
  const x = tensor([Infinity, NaN, -Infinity, NaN, 1], [5], on);
  const [up, upIndices] = sort(x);
  expect(await up.read()).toEqual(Float32Array.of(-Infinity, 1, Infinity, NaN, NaN));
  expect(await upIndices.read()).toEqual(Int32Array.of(2, 4, 0, 1, 3));
  const [down, downIndices] = sort(x, { descending: true });
  expect(await down.read()).toEqual(Float32Array.of(NaN, NaN, Infinity, 1, -Infinity));
  expect(await downIndices.read()).toEqual(Int32Array.of(1, 3, 0, 4, 2));
});

test("along any axis", async () => {
  const x = tensor([3, 1, 2, 0, 5, 4], [3, 2], on, "i32");
  const [values, indices] = sort(x, { axis: 0 });
  expect(values.shape).toEqual([3, 2]);
  expect(await values.read()).toEqual(Int32Array.of(2, 0, 3, 1, 5, 4));
  expect(await indices.read()).toEqual(Int32Array.of(1, 1, 0, 0, 2, 2));
  expect(sort(tensor(new Float32Array(24), [2, 3, 4], on), { axis: -2 })[1].shape).toEqual([2, 3, 4]);
  expect(await sort(tensor([5, 2 ** 31 - 1, -(2 ** 31)], [3], on, "i32"))[1].read()).toEqual(Int32Array.of(2, 0, 1));
});

test("rows without entries", () => {
  const [values, indices] = sort(tensor([], [2, 0], on));
  expect({ values: values.shape, indices: indices.shape, dtype: indices.dtype }).toEqual({
    values: [2, 0],
    indices: [2, 0],
    dtype: "i32",
  });
});

test("20,000 elements agree with the host's sort", async () => {
  const x = floats([20000], random(4)); // a few hundred values, many times each
  const order = x.data.map((_, i) => i);
  const [values, indices] = sort(place(x, on));
  order.sort((i, j) => x.data[i]! - x.data[j]! || i - j);
  expect(await indices.read()).toEqual(Int32Array.from(order));
  expect(await values.read()).toEqual(Float32Array.from(order, (i) => x.data[i]!));
});

test("16-bit floats", async () => {
  const [values, indices] = sort(tensor([3, -1, 0.5], [3], on, "bf16"));
  expect(values.dtype).toBe("bf16");
  expect(await values.read()).toEqual(Float32Array.of(-1, 0.5, 3));
  expect(await indices.read()).toEqual(Int32Array.of(1, 2, 0));
});

test("each gradient goes to where its value stood", async () => {
  const x = Variable.holding(tensor([3, 1, 2], [3], on));
  const { gradients } = differentiate([x], () => sum(mul(sort(x.value)[0], tensor([10, 20, 30], [3], on))));
  expect(await gradients[0]!.read()).toEqual(Float32Array.of(30, 10, 20));
});

test("what does not fit is refused", () => {
  expect(() => sort(tensor([1], [1], on, "bool"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: sort: its input must be f32, f16, bf16 or i32, got bool; cast() it]`,
  );
  expect(() => sort(tensor([1], [1], on), { axis: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sort: axis 1 of a tensor with 1 axes; expected -1 to 0]`,
  );
  expect(() => sort(tensor([1], [], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: sort: axis -1 of a scalar, which has no axes]`,
  );
});
