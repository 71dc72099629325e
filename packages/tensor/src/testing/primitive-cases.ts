import type * as primitives from "../ops/primitives.ts";
import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import { elementwiseCases } from "./elementwise-cases.ts";
import { layoutCases } from "./layout-cases.ts";
import type { OpCase } from "./op-case.ts";
import { at, bools, floats, indices, integers, moved, plain, total, upTo, type Plain } from "./plain.ts";
import { plainUniform } from "./plain-threefry.ts";
import { quantizedCases } from "./quantized-cases.ts";

const dice = random(11);
const real = (shape: Shape): Plain => floats(shape, dice);
const whole = (shape: Shape): Plain => integers(shape, dice, -9, 9);
const byte = (shape: Shape): Plain => plain(shape, () => dice.integer(256), "u8");

const axesCases: readonly [Shape, axis: number][] = [
  [[5], 0],
  [[2, 3, 4], 0],
  [[2, 3, 4], 1],
  [[2, 3, 4], 2],
  [[1, 3], 0],
  [[2, 0, 3], 1],
  [[0, 3], 1],
];

/** A reduction over one axis, which stays with size 1; `smallest` is what whole numbers start from. */
function reductions(fold: (row: number[]) => number, smallest: number): OpCase[] {
  return [real, whole].flatMap((draw) =>
    axesCases.map(([shape, axis]) => {
      const x = draw(shape);
      const expected = plain(
        moved(shape, axis, 1),
        (i) => {
          const y = fold(upTo(shape[axis]!).map((n) => at(x, moved(i, axis, n))));
          return x.dtype === "i32" ? Math.max(y, smallest) : y;
        },
        x.dtype,
      );
      return { inputs: [x], attrs: { axis }, expected: [expected] };
    }),
  );
}

function cumulativeSumCase(x: Plain, axis: number, reverse: boolean): OpCase {
  const expected = plain(
    x.shape,
    (i) => {
      const counts = (n: number): boolean => (reverse ? n >= i[axis]! : n <= i[axis]!);
      return total(
        upTo(x.shape[axis]!)
          .filter(counts)
          .map((n) => at(x, moved(i, axis, n))),
      );
    },
    x.dtype,
  );
  return { inputs: [x], attrs: { axis, reverse }, expected: [expected] };
}

function matmulCase(batch: Shape, m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): OpCase {
  const a = floats([...batch, ...(transposeA ? [k, m] : [m, k])], dice);
  const b = floats([...batch, ...(transposeB ? [n, k] : [k, n])], dice);
  const expected = plain([...batch, m, n], (index) => {
    const lead = index.slice(0, -2);
    const [i, j] = index.slice(-2) as [number, number];
    return total(
      upTo(k).map(
        (p) =>
          at(a, [...lead, ...(transposeA ? [p, i] : [i, p])]) * at(b, [...lead, ...(transposeB ? [j, p] : [p, j])]),
      ),
    );
  });
  return { inputs: [a, b], attrs: { transposeA, transposeB }, expected: [expected] };
}

function gatherCase(table: Plain, ids: Plain): OpCase {
  const expected = plain(
    [...ids.shape, table.shape[1]!],
    (i) => at(table, [at(ids, i.slice(0, -1)), i.at(-1)!]),
    table.dtype,
  );
  return { inputs: [table, ids], attrs: {}, expected: [expected] };
}

function scatterAddCase(ids: Plain, width: number, rows: number): OpCase {
  const updates = floats([...ids.shape, width], dice);
  const expected = plain([rows, width], ([row, column]) =>
    total(
      indices(ids.shape)
        .filter((i) => at(ids, i) === row)
        .map((i) => at(updates, [...i, column!])),
    ),
  );
  return { inputs: [ids, updates], attrs: { rows }, expected: [expected] };
}

function takeAlongCase(lead: Shape, n: number, m: number, draw = real): OpCase {
  const x = draw([...lead, n]);
  const index = integers([...lead, m], dice, 0, n);
  return {
    inputs: [x, index],
    attrs: {},
    expected: [plain(index.shape, (i) => at(x, [...i.slice(0, -1), at(index, i)]), x.dtype)],
  };
}

function scatterAlongCase(lead: Shape, m: number, size: number): OpCase {
  const index = integers([...lead, m], dice, 0, size);
  const updates = floats([...lead, m], dice);
  const expected = plain([...lead, size], (i) => {
    const cells = upTo(m).map((c) => [...i.slice(0, -1), c]);
    return total(cells.filter((cell) => at(index, cell) === i.at(-1)).map((cell) => at(updates, cell)));
  });
  return { inputs: [index, updates], attrs: { size }, expected: [expected] };
}

function topKCase(x: Plain, k: number): OpCase {
  const n = x.shape.at(-1)!;
  const shape = [...x.shape.slice(0, -1), k];
  const ranked = (i: readonly number[]): number => {
    const value = (c: number): number => at(x, [...i.slice(0, -1), c]);
    return upTo(n).sort((a, b) => value(b) - value(a) || a - b)[i.at(-1)!]!;
  };
  return {
    inputs: [x],
    attrs: { k },
    expected: [plain(shape, (i) => at(x, [...i.slice(0, -1), ranked(i)]), x.dtype), plain(shape, ranked, "i32")],
  };
}

const iotaCase = (length: number, start: number): OpCase => ({
  inputs: [],
  attrs: { length, start },
  expected: [plain([length], ([i]) => start + i!, "i32")],
});
const uniformCase = (shape: Shape, key: readonly [number, number], counter: number): OpCase => ({
  inputs: [],
  attrs: { shape, key, counter },
  expected: [{ dtype: "f32", shape, data: plainUniform(shape, key, counter) }],
});

/** Calls of every primitive and what they must give. An op without a row here does not compile, and fails a test. */
export const primitiveCases: { readonly [K in keyof typeof primitives]: readonly OpCase[] } = {
  ...elementwiseCases,
  sum: reductions(total, -Infinity),
  max: reductions((row) => Math.max(...row), -(2 ** 31)),
  cumulativeSum: [false, true].flatMap((reverse) =>
    [real, whole].flatMap((draw) => axesCases.map(([shape, axis]) => cumulativeSumCase(draw(shape), axis, reverse))),
  ),
  ...layoutCases,
  dequantize: quantizedCases.dequantize,
  matmul: [false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB) => [
      matmulCase([], 3, 4, 5, transposeA, transposeB),
      matmulCase([], 1, 1, 1, transposeA, transposeB),
      matmulCase([2, 3], 5, 2, 3, transposeA, transposeB),
      matmulCase([], 2, 0, 3, transposeA, transposeB),
      matmulCase([0], 2, 2, 2, transposeA, transposeB),
    ]),
  ),
  gather: [
    gatherCase(floats([5, 3], dice), integers([4], dice, 0, 5)),
    gatherCase(floats([5, 3], dice), integers([2, 3], dice, 0, 5)),
    gatherCase(floats([5, 3], dice), integers([], dice, 0, 5)),
    gatherCase(floats([5, 3], dice), integers([0], dice, 0, 5)),
    ...[real, whole, byte, (shape: Shape): Plain => bools(shape, dice)].flatMap((draw) => [
      gatherCase(draw([5, 1]), integers([6], dice, 0, 5)),
      gatherCase(draw([5, 2]), integers([3], dice, 0, 5)),
    ]),
  ],
  scatterAdd: [
    scatterAddCase(integers([6], dice, 0, 3), 2, 4),
    scatterAddCase(integers([2, 3], dice, 0, 5), 3, 5),
    scatterAddCase(integers([], dice, 0, 2), 3, 2),
    scatterAddCase(integers([0], dice, 0, 2), 3, 2),
  ],
  takeAlong: [
    takeAlongCase([], 5, 3),
    takeAlongCase([4], 3, 1),
    takeAlongCase([2, 3], 4, 6),
    takeAlongCase([2], 3, 0),
    ...[whole, byte, (shape: Shape): Plain => bools(shape, dice)].map((draw) => takeAlongCase([2], 4, 3, draw)),
  ],
  scatterAlong: [
    scatterAlongCase([], 4, 3),
    scatterAlongCase([4], 1, 3),
    scatterAlongCase([2, 3], 5, 4),
    scatterAlongCase([2], 0, 3),
  ],
  topK: [
    topKCase(floats([7], dice), 1),
    topKCase(floats([7], dice), 7),
    topKCase(floats([2, 3, 5], dice), 2),
    topKCase(floats([0, 3], dice), 2),
    topKCase(floats([2, 90], dice), 64),
    topKCase(floats([2, 90], dice), 65),
    topKCase(integers([3, 9], dice, -3, 4), 5),
    topKCase(integers([2, 30], dice, -3, 4), 30),
  ],
  iota: [iotaCase(5, 0), iotaCase(3, -7), iotaCase(0, 4)],
  uniform: [
    uniformCase([5], [1, 2], 0),
    uniformCase([2, 3], [-7, 99], 41),
    uniformCase([], [0, 0], 0),
    uniformCase([0], [3, 4], 5),
  ],
};
