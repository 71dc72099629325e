import { expect, test } from "vitest";

import type { Backend } from "../backend.ts";
import { cpu } from "../cpu/cpu.ts";
import { tensor, zeros } from "../create.ts";
import { differentiate } from "../decorators/differentiate.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { centralDifferences, ruleGradients, type Weighted } from "../testing/gradient-check.ts";
import { expectClose, expectNumbers, place } from "../testing/op-case.ts";
import { at, floats, indices, plain, total, type Plain } from "../testing/plain.ts";
import { Variable } from "../variable.ts";
import { mul } from "./arithmetic.ts";
import { averagePool1d, averagePool2d, maxPool1d, maxPool2d } from "./pool.ts";
import { sum } from "./reduce.ts";

type Pair = readonly [number, number];
type Walk = readonly [from: Shape, size: Pair, stride: Pair, padding: Pair];
const on = cpu();
const dice = random(7);

/** Whole windows, overlapping ones, gaps, remainders, padding at one axis and at both, one cell, no pictures. */
const walks: readonly Walk[] = [
  [
    [2, 3, 4, 6],
    [2, 3],
    [2, 3],
    [0, 0],
  ],
  [
    [1, 2, 5, 7],
    [2, 3],
    [2, 3],
    [0, 0],
  ],
  [
    [2, 1, 5, 4],
    [3, 2],
    [1, 1],
    [0, 0],
  ],
  [
    [1, 1, 7, 6],
    [3, 2],
    [2, 3],
    [1, 0],
  ],
  [
    [1, 2, 3, 4],
    [2, 3],
    [2, 3],
    [1, 2],
  ],
  [
    [1, 2, 4, 4],
    [1, 1],
    [3, 2],
    [0, 0],
  ],
  [
    [2, 2, 1, 1],
    [3, 3],
    [1, 1],
    [1, 1],
  ],
  [
    [0, 2, 4, 4],
    [2, 2],
    [2, 2],
    [1, 1],
  ],
  [
    [1, 0, 4, 4],
    [2, 2],
    [2, 2],
    [0, 0],
  ],
];

/** What f makes of the cells of x that each window sees. */
function plainPool(x: Plain, [, size, stride, padding]: Walk, f: (cells: readonly number[]) => number): Plain {
  const [b, c, ...n] = x.shape as [number, number, number, number];
  const counts = n.map((cells, i) => {
    let count = 0;
    while (count * stride[i]! + size[i]! <= cells + 2 * padding[i]!) count++;
    return count;
  });
  return plain([b, c, ...counts], ([image, channel, row, column]) =>
    f(
      indices(size)
        .map(([p, q]) => [row! * stride[0] + p! - padding[0], column! * stride[1] + q! - padding[1]] as const)
        .filter(([i, j]) => i >= 0 && i < n[0] && j >= 0 && j < n[1])
        .map(([i, j]) => at(x, [image!, channel!, i, j])),
    ),
  );
}
const average = (cells: readonly number[]): number => total(cells) / cells.length;

test.each(walks)("a picture %j in windows %j, every %j, padding %j", async (...walk) => {
  const [from, size, stride, padding] = walk;
  const x = floats(from, dice);
  const placed = place(x, on);
  await expectClose(
    maxPool2d(placed, size, { stride, padding }),
    plainPool(x, walk, (cells) => Math.max(...cells)),
    0,
  );
  await expectClose(averagePool2d(placed, size, { stride, padding }), plainPool(x, walk, average), 1e-6);
});

test.each(walks)("the gradients of a picture %j in windows %j, every %j, padding %j", async (...walk) => {
  const [from, size, stride, padding] = walk;
  const precise = cpu({ precision: "f64" });
  const weights = place(floats(plainPool(floats(from, dice), walk, average).shape, dice), precise);
  for (const pool of [maxPool2d, averagePool2d]) {
    const x = Variable.holding(place(floats(from, dice), precise));
    const loss = (): Tensor => sum(mul(pool(x.value, size, { stride, padding }), weights));
    const whole: Weighted = { variables: [x], loss, placed: [x] };
    expectNumbers(await ruleGradients(whole), await centralDifferences(whole), 1e-7, pool.name);
  }
});

test("a number stands for both axes, and the stride is the size", async () => {
  const x = floats([1, 2, 7, 6], dice);
  const walk: Walk = [x.shape, [3, 3], [3, 3], [2, 2]];
  await expectClose(
    maxPool2d(place(x, on), 3, { padding: 2 }),
    plainPool(x, walk, (cells) => Math.max(...cells)),
    0,
  );
  await expectClose(averagePool2d(place(x, on), 3, { padding: 2 }), plainPool(x, walk, average), 1e-6);
});

test("along time", async () => {
  const x = tensor([3, 1, -4, -1, -5, -9, 2], [1, 1, 7], on);
  expect(await maxPool1d(x, 2).read()).toEqual(Float32Array.of(3, -1, -5));
  expect(await maxPool1d(x, 3, { stride: 2, padding: [1] }).read()).toEqual(Float32Array.of(3, 1, -1, 2));
  expect(await averagePool1d(x, 2).read()).toEqual(Float32Array.of(2, -2.5, -7));
  expect(await averagePool1d(x, 3, { stride: [3], padding: 1 }).read()).toEqual(
    Float32Array.of(2, Math.fround(-10 / 3), -3.5),
  );
  expect(maxPool1d(zeros([0, 2, 7], on), 2).shape).toEqual([0, 2, 3]);
});

test("padding never wins, a NaN and an infinity reach the windows that see them", async () => {
  const below = tensor([-1, -2, -Infinity, NaN, -3, Infinity, -0], [1, 1, 7], on);
  expect(await maxPool1d(below, 2, { padding: 1 }).read()).toEqual(Float32Array.of(-1, -2, NaN, Infinity));
  expect(await averagePool1d(below, 2, { padding: 1 }).read()).toEqual(Float32Array.of(-1, -Infinity, NaN, Infinity));
  expect(await maxPool1d(tensor([-0], [1, 1, 1], on), 3, { padding: 1 }).read()).toEqual(Float32Array.of(-0));
});

test("equal cells of a window share the gradient alike, also where padding lies beside them", async () => {
  const precise = cpu({ precision: "f64" });
  const slope = async (padding: number): Promise<unknown> => {
    const x = Variable.holding(tensor([1, 1, 1, 0], [1, 1, 2, 2], precise));
    const { gradients } = differentiate([x], () => sum(maxPool2d(x.value, 2 + padding, { stride: 9, padding })));
    return gradients[0]!.read();
  };
  expect(await slope(0)).toEqual(Float64Array.of(1 / 3, 1 / 3, 1 / 3, 0));
  expect(await slope(1)).toEqual(Float64Array.of(1 / 3, 1 / 3, 1 / 3, 0));
});

test("16-bit floats", async () => {
  for (const dtype of ["f16", "bf16"] as const) {
    const small = (x: Plain): Plain => ({ ...x, dtype });
    for (const walk of walks) {
      const [from, size, stride, padding] = walk;
      const x = floats(from, dice);
      const largest = plainPool(x, walk, (cells) => Math.max(...cells));
      await expectClose(maxPool2d(place(small(x), on), size, { stride, padding }), small(largest), 0);
      const mean = plainPool(x, walk, average);
      await expectClose(averagePool2d(place(small(x), on), size, { stride, padding }), small(mean), 1e-2);
    }
  }
  const large = tensor([60000, 60000], [1, 1, 2], on, "f16"); // their sum is beyond f16
  expect(await averagePool1d(large, 2).read()).toEqual(Float32Array.of(60000));
});

test("what they make on the way is freed", () => {
  const fresh: Backend = cpu();
  const x = place(floats([1, 2, 5, 6], dice), fresh);
  for (const pool of [maxPool2d, averagePool2d])
    for (const options of [{}, { stride: 2 }, { padding: 1 }]) {
      const y = pool(x, [3, 1], { ...options, ...("padding" in options ? { padding: [1, 0] as const } : {}) });
      expect(fresh.memory().tensors).toBe(2);
      y[Symbol.dispose]();
    }
  const same = maxPool2d(x, 1);
  expect(same).not.toBe(x);
  expect(x.alive).toBe(true);
});

test("what does not fit is refused", () => {
  const x = zeros([1, 2, 4, 5], on);
  expect(() => maxPool2d(zeros([2, 4, 5], on), 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: maxPool2d: x must be [b, c, h, w], got [2, 4, 5]; reshape() it]`,
  );
  expect(() => averagePool1d(x, 2)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: averagePool1d: x must be [b, c, t], got [1, 2, 4, 5]; reshape() it]`,
  );
  expect(() => maxPool2d(x, [2, 6])).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: maxPool2d: along w a window of 6 cells spans 6, and x has 5; pad x, or take a smaller window]`,
  );
  expect(() => averagePool2d(x, 7, { padding: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: averagePool2d: along h a window of 7 cells spans 7, and x has 4 and 1 of padding at both ends; pad x, or take a smaller window]`,
  );
  expect(() => maxPool1d(zeros([1, 2, 0], on), 2, { padding: 1 })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: maxPool1d: x [1, 2, 0] has nothing to pool along t]`,
  );
  expect(() => maxPool1d(tensor([1, 2], [1, 1, 2], on, "i32"), 2)).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: maxPool1d: x must be f32, f16 or bf16, got i32; cast() it]`,
  );
});

test("an option that cannot be honoured is refused", () => {
  const x = zeros([1, 2, 4, 5], on);
  expect(() => maxPool2d(x, 0)).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: maxPool2d: size must be a whole number, or 2 of them, from 1 up, got [0, 0]]`,
  );
  expect(() => maxPool2d(x, [2, 2], { stride: [1, 0] })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: maxPool2d: stride must be a whole number, or 2 of them, from 1 up, got [1, 0]]`,
  );
  expect(() => averagePool2d(x, 2, { padding: 0.5 })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: averagePool2d: padding must be a whole number, or 2 of them, from 0 up, got [0.5, 0.5]]`,
  );
  expect(() => averagePool2d(x, [3, 2], { padding: [2, 2] })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: averagePool2d: padding [2, 2] must be below the size [3, 2]: a window beyond the edge would see nothing]`,
  );
});
