import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { concat, stack } from "./concat.ts";

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
    `[ShapeError: concat along axis 1: f32 [2, 2] with f32 [3, 1]; all other axes must agree]`,
  );
  expect(() => concat([x, tensor([1, 2], [2], on)], 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: concat along axis 0: f32 [2, 2] with f32 [2]; all other axes must agree]`,
  );
  expect(() => concat([x, tensor([1, 2], [1, 2], on, "i32")], 0)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: concat: f32 with i32. There is no implicit promotion: cast() one of them.]`,
  );
  expect(() => concat([x], 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: concat: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
});

test("stack joins along a new axis, counted in the result", async () => {
  const y = tensor([5, 6, 7, 8], [2, 2], on);
  expect(await stack([x, y], 0).read()).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  expect(await stack([x, y], 1).read()).toEqual(Float32Array.of(1, 2, 5, 6, 3, 4, 7, 8));
  expect(await stack([x, y], -1).read()).toEqual(Float32Array.of(1, 5, 2, 6, 3, 7, 4, 8));
  expect(stack([x, y, x], -2).shape).toEqual([2, 3, 2]);
  expect(stack([tensor([1], [], on), tensor([2], [], on)], 0).shape).toEqual([2]);
  expect(await stack([tensor([1, 0], [2], on, "bool")], 0).read()).toEqual(Uint8Array.of(1, 0));
});

test("stack refuses what does not fit", () => {
  expect(() => stack([], 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: stack of no tensors: at least one is needed to know dtype and shape]`,
  );
  expect(() => stack([x, tensor([1, 2], [2], on)], 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: stack: [2, 2] with [2]; shapes must agree]`,
  );
  expect(() => stack([x, tensor([1, 2, 3, 4], [2, 2], on, "i32")], 0)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: stack: f32 with i32. There is no implicit promotion: cast() one of them.]`,
  );
  expect(() => stack([x], 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: stack: axis 3 of a tensor with 3 axes; expected -3 to 2]`,
  );
});
