import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { concat } from "./concat.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4], [2, 2], on);

test("joins along an axis from either end", async () => {
  expect(await concat([x, tensor([5, 6], [2, 1], on)], -1).read()).toEqual(Float32Array.of(1, 2, 5, 3, 4, 6));
  expect(await concat([x, x], 0).read()).toEqual(Float32Array.of(1, 2, 3, 4, 1, 2, 3, 4));
});

test("what does not fit is refused", () => {
  expect(() => concat([], 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: concat of no tensors: at least one is needed to know dtype and shape]`,
  );
  expect(() => concat([x, tensor([1, 2, 3], [3, 1], on)], 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: concat along axis 1: f32 [2, 2] with f32 [3, 1]; dtypes and all other axes must agree]`,
  );
  expect(() => concat([x, tensor([1, 2], [2], on)], 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: concat along axis 0: f32 [2, 2] with f32 [2]; dtypes and all other axes must agree]`,
  );
  expect(() => concat([x, tensor([1, 2], [1, 2], on, "i32")], 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: concat along axis 0: f32 [2, 2] with i32 [1, 2]; dtypes and all other axes must agree]`,
  );
  expect(() => concat([x], 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: concat: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
});
