import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { scatterAlong, takeAlong } from "./take-along.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], on);
const index = tensor([2, 2, 0, 1], [2, 2], on, "i32");

test("takeAlong reads elements of each row, scatterAlong adds them where they came from", async () => {
  expect(await takeAlong(x, index).read()).toEqual(Float32Array.of(3, 3, 4, 5));
  expect(await scatterAlong(index, tensor([1, 10, 2, 3], [2, 2], on), 3).read()).toEqual(
    Float32Array.of(0, 0, 11, 2, 3, 0),
  );
});

test("what does not fit is refused", () => {
  expect(() => takeAlong(x, tensor([0], [1, 1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: takeAlong: x [2, 3] and index [1, 1] must have axes, and agree in all but the last]`,
  );
  expect(() => takeAlong(tensor([1], [], on), tensor([0], [], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: takeAlong: x [] and index [] must have axes, and agree in all but the last]`,
  );
  expect(() => takeAlong(x, x)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: takeAlong: the index must be i32, got f32; cast() it]`,
  );
  expect(() => scatterAlong(index, x, 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: scatterAlong: index [2, 2] and updates [2, 3] must have axes, and agree]`,
  );
  expect(() => scatterAlong(tensor([0], [], on, "i32"), tensor([1], [], on), 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: scatterAlong: index [] and updates [] must have axes, and agree]`,
  );
  expect(() => scatterAlong(index, tensor([1, 2, 3, 4], [2, 2], on), 1.5)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [1.5]]`,
  );
});
