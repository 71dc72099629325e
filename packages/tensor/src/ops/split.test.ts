import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { concat } from "./concat.ts";
import { split } from "./split.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], on);

test("into equal parts, and into parts of given sizes", async () => {
  const [a, b, c] = split(x, 3, -1);
  expect([a!.shape, b!.shape, c!.shape]).toEqual([
    [2, 1],
    [2, 1],
    [2, 1],
  ]);
  expect(await b!.read()).toEqual(Float32Array.of(2, 5));
  const [first, nothing, last] = split(x, [1, 0, 2], 1);
  expect(await first!.read()).toEqual(Float32Array.of(1, 4));
  expect(nothing!.shape).toEqual([2, 0]);
  expect(await last!.read()).toEqual(Float32Array.of(2, 3, 5, 6));
  expect(split(tensor([], [0], on), 2, 0).map(({ shape }) => shape)).toEqual([[0], [0]]);
  expect(split(tensor([], [0], on), [], 0)).toEqual([]);
});

test("what is split can be joined again", async () => {
  for (const axis of [0, 1]) expect(await concat(split(x, x.shape[axis]!, axis), axis).read()).toEqual(await x.read());
});

test("parts that do not make up the axis are refused", () => {
  expect(() => split(x, 2, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: split: the 3 entries of axis 1 of [2, 3] make no 2 equal parts; give a list of sizes]`,
  );
  expect(() => split(x, 0, 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: split: the number of parts must be a whole number from 1 up, got 0]`,
  );
  expect(() => split(x, 1.5, 1)).toThrow("got 1.5");
  expect(() => split(x, [2, 2], 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: split: sizes [2, 2] add up to 4, but axis 1 of [2, 3] has 3 entries]`,
  );
  expect(() => split(x, [4, -1], 1)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: split: sizes must be whole numbers from 0 up, got [4, -1]]`,
  );
  expect(() => split(x, 2, 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: split: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
});
