import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { repeat } from "./repeat.ts";

const on = cpu();
const x = tensor([1, 2, 3, 4], [2, 2], on, "i32");

test("copies stand side by side, along an axis from either end", async () => {
  expect(await repeat(x, 2, 0).read()).toEqual(Int32Array.of(1, 2, 1, 2, 3, 4, 3, 4));
  expect(await repeat(x, 3, -1).read()).toEqual(Int32Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4));
  expect(repeat(x, 3, -1).shape).toEqual([2, 6]);
  expect(await repeat(tensor([1, 0], [2], on, "bool"), 2, 0).read()).toEqual(Uint8Array.of(1, 1, 0, 0));
});

test("once is the same, and not at all is nothing", async () => {
  const once = repeat(x, 1, 0);
  expect(once).not.toBe(x);
  expect(await once.read()).toEqual(Int32Array.of(1, 2, 3, 4));
  expect(repeat(x, 0, 1).shape).toEqual([2, 0]);
  expect(repeat(tensor([], [0, 2], on), 3, 0).shape).toEqual([0, 2]);
});

test("what does not fit is refused", () => {
  expect(() => repeat(x, -1, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: repeat: times must be a whole number from 0 up, got -1]`,
  );
  expect(() => repeat(x, 1.5, 0)).toThrow("got 1.5");
  expect(() => repeat(x, 2, 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: repeat: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
});
