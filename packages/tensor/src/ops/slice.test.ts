import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { Variable } from "../variable.ts";
import { pad, slice, writeSliceOp } from "./slice.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], on);

test("slice and pad take an axis from either end", async () => {
  expect(await slice(x, -1, 1, 2).read()).toEqual(Float32Array.of(2, 3, 5, 6));
  expect(await pad(x, -2, 1, 0).read()).toEqual(Float32Array.of(0, 0, 0, 1, 2, 3, 4, 5, 6));
  expect(await pad(tensor([1], [1], on, "bool"), 0, 1, 1).read()).toEqual(Uint8Array.of(0, 1, 0));
});

test("a range beyond the end is refused", () => {
  expect(() => slice(x, 1, 2, 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: slice: start 2 and length 2 do not fit axis 1 of [2, 3], which has 3 entries]`,
  );
  expect(() => slice(x, 1, -1, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: slice: start -1 and length 1 do not fit axis 1 of [2, 3], which has 3 entries]`,
  );
  expect(() => slice(x, 2, 0, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: slice: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
  expect(() => slice(x, 0, 0.5, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: slice: start 0.5 and length 1 do not fit axis 0 of [2, 3], which has 2 entries]`,
  );
});

test("a negative or fractional padding is refused", () => {
  expect(() => pad(x, 0, -1, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: pad: -1 before and 0 after; both must be whole numbers from 0 up, and slice() removes entries]`,
  );
  expect(() => pad(x, 0, 0.5, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: pad: 0.5 before and 0 after; both must be whole numbers from 0 up, and slice() removes entries]`,
  );
  expect(() => pad(x, 0, NaN, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: pad: NaN before and 0 after; both must be whole numbers from 0 up, and slice() removes entries]`,
  );
});

test("writeSlice refuses what does not fit", () => {
  const target = Variable.holding(tensor([1, 2, 3, 4, 5, 6], [2, 3], on));
  const write = (source: typeof x, start: number, axis = 1) =>
    Variable.update(writeSliceOp, [target], [source], { axis, start });
  expect(() => write(tensor([1, 2], [2, 1], on), 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: writeSlice: start 3 and length 1 do not fit axis 1 of [2, 3], which has 3 entries]`,
  );
  expect(() => write(tensor([1, 2, 3], [3, 1], on), 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: writeSlice: f32 [3, 1] into f32 [2, 3] along axis 1; all other axes must agree]`,
  );
  expect(() => write(tensor([1, 2], [2, 1], on, "i32"), 0)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: writeSlice: i32 with f32. There is no implicit promotion: cast() one of them.]`,
  );
  expect(() => write(tensor([1], [1], on), 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: writeSlice: f32 [1] into f32 [2, 3] along axis 1; all other axes must agree]`,
  );
});
