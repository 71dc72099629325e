import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { permute, transpose } from "./permute.ts";

const x = tensor([1, 2, 3, 4, 5, 6], [2, 3], cpu());

test("transpose swaps the last two axes", async () => {
  expect(await transpose(x).read()).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
  expect(transpose(tensor(new Float32Array(24), [2, 3, 4], cpu())).shape).toEqual([2, 4, 3]);
});

test("transpose swaps any two axes, or one with itself", async () => {
  const heads = tensor(new Float32Array(120), [2, 3, 4, 5], cpu());
  expect(transpose(heads, 1, 2).shape).toEqual([2, 4, 3, 5]);
  expect(transpose(heads, -1, 0).shape).toEqual([5, 3, 4, 2]);
  expect(await transpose(x, 1, 0).read()).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
  expect(await transpose(x, 1, -1).read()).toEqual(await x.read());
});

test("every axis must be named once, from the front", () => {
  for (const order of [[0], [0, 0], [0, 2], [-1, 0], [0, 1, 2], [0.5, 1]])
    expect(() => permute(x, order)).toThrow("must name each axis");
  expect(() => permute(x, [1, 1])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: permute: order [1, 1] must name each axis of [2, 3] once, counted from 0]`,
  );
  expect(() => transpose(tensor([1], [1], cpu()))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: transpose swaps two axes, and [1] has 1; reshape() it first]`,
  );
  expect(() => transpose(x, 0, 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: transpose: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
});
