import { expect, test } from "vitest";

import { cpu } from "../cpu/cpu.ts";
import { tensor } from "../create.ts";
import { random } from "../random.ts";
import { expectNumbers, place } from "../testing/op-case.ts";
import { floats, plain } from "../testing/plain.ts";
import { matmul } from "./matmul.ts";
import { rope } from "./rope.ts";

const on = cpu({ precision: "f64" });
const angles = (f: (x: number) => number, from: number, t = 4, half = 2) =>
  place(
    plain([t, half], ([row, i]) => f((row! + from) / 10 ** i!)),
    on,
  );

test("dot products of turned vectors depend on their distance only", async () => {
  const [q, k] = [place(floats([4, 4], random(1)), on), place(floats([4, 4], random(2)), on)];
  const scores = (from: number) =>
    matmul(
      rope(q, angles(Math.cos, from), angles(Math.sin, from)),
      rope(k, angles(Math.cos, from), angles(Math.sin, from)),
      { transposeB: true },
    ).read();
  expectNumbers(await scores(100), await scores(0), 1e-12);
});

test("position 0 turns nothing", async () => {
  const x = place(floats([2, 1, 6], random(3)), on);
  expect(await rope(x, angles(Math.cos, 0, 1), angles(Math.sin, 0, 1)).read()).toEqual(await x.read());
});

test("what does not fit is refused", () => {
  const x = tensor([1, 2, 3, 4], [2, 2], on);
  const table = tensor([1, 2], [2, 1], on);
  expect(() => rope(x, table, tensor([1, 2], [1, 2], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: rope: x [2, 2] must end with [t, k], and cos [2, 1] and sin [1, 2] be [t, r / 2] with r ≤ k]`,
  );
  expect(() => rope(x, x, x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: rope: x [2, 2] must end with [t, k], and cos [2, 2] and sin [2, 2] be [t, r / 2] with r ≤ k]`,
  );
  expect(() => rope(tensor([1, 2], [1, 2], on), table, table)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: rope: x [1, 2] must end with [t, k], and cos [2, 1] and sin [2, 1] be [t, r / 2] with r ≤ k]`,
  );
  expect(() => rope(tensor([1, 2, 3, 4], [2, 2], on, "i32"), table, table)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: rope: x must be f32, f16 or bf16, got i32; cast() it]`,
  );
});
