import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { gather, scatterAdd } from "./gather.ts";

const on = cpu();
const table = tensor([1, 2, 3, 4, 5, 6], [3, 2], on);
const ids = tensor([2, 0, 2], [3], on, "i32");

test("gather reads rows, scatterAdd adds them where they came from", async () => {
  expect(await gather(table, ids).read()).toEqual(Float32Array.of(5, 6, 1, 2, 5, 6));
  expect(await scatterAdd(ids, tensor([1, 2, 10, 20, 100, 200], [3, 2], on), 4).read()).toEqual(
    Float32Array.of(10, 20, 0, 0, 101, 202, 0, 0),
  );
});

test("what does not fit is refused", () => {
  expect(() => gather(table, tensor([0], [1], on))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: gather: ids must be i32, got f32; cast() it]`,
  );
  expect(() => gather(tensor([1], [1], on), ids)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: gather: the table must be [rows, d], got [1]]`,
  );
  expect(() => scatterAdd(tensor([0], [1], on), table, 3)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: scatterAdd: ids must be i32, got f32; cast() it]`,
  );
  expect(() => scatterAdd(tensor([0, 1], [2], on, "i32"), table, 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: scatterAdd: updates [3, 2] must be the shape of ids [2] and one axis more]`,
  );
  expect(() => scatterAdd(tensor([0], [], on, "i32"), tensor([1], [], on), 3)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: scatterAdd: updates [] must be the shape of ids [] and one axis more]`,
  );
  expect(() => scatterAdd(ids, table, -1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: a shape has whole sizes from 0 up, got [-1]]`,
  );
});
