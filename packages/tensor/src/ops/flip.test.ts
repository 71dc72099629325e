import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { random } from "../random.ts";
import { expectClose, place } from "../testing/op-case.ts";
import { at, floats, plain } from "../testing/plain.ts";
import { flip } from "./flip.ts";

const on = cpu();

test.each([[0], [1], [2], [-1], [[0, 2]], [[2, 1, 0]], [[1, -3]]] as [number | number[]][])(
  "turns axes %j around",
  async (axes) => {
    const x = floats([2, 3, 4], random(9));
    const flipped = new Set([axes].flat().map((axis) => (axis + 3) % 3));
    const turned = (index: readonly number[]): number[] =>
      index.map((i, axis) => (flipped.has(axis) ? x.shape[axis]! - 1 - i : i));
    await expectClose(
      flip(place(x, on), axes),
      plain(x.shape, (i) => at(x, turned(i))),
      0,
    );
  },
);

test("takes any dtype, and axes without entries", async () => {
  expect(await flip(tensor([1, 0, 0], [3], on, "bool"), 0).read()).toEqual(Uint8Array.of(0, 0, 1));
  expect(await flip(tensor([1, 2, 3], [3], on, "u8"), 0).read()).toEqual(Uint8Array.of(3, 2, 1));
  expect(await flip(tensor([1, 2, 3], [1, 3], on, "i32"), 1).read()).toEqual(Int32Array.of(3, 2, 1));
  expect(await flip(tensor([1, 2, 3], [3], on, "f16"), 0).read()).toEqual(Float32Array.of(3, 2, 1));
  expect(flip(tensor([], [2, 0, 3], on), [1, 2]).shape).toEqual([2, 0, 3]);
});

test("over no axes it is an alias, not its argument", async () => {
  const x = tensor([1, 2], [2], on);
  const y = flip(x, []);
  expect(y).not.toBe(x);
  y[Symbol.dispose]();
  expect(await x.read()).toEqual(Float32Array.of(1, 2));
});

test("what does not fit is refused", () => {
  const x = tensor([1, 2], [1, 2], on);
  expect(() => flip(x, 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: flip: axis 2 of a tensor with 2 axes; expected -2 to 1]`,
  );
  expect(() => flip(x, [1, -1])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: flip: axes [1, -1] name axis 1 twice; name each once]`,
  );
});
