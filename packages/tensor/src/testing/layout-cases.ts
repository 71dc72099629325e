import { random } from "../random.ts";
import type { Shape } from "../shape.ts";
import type { OpCase } from "./op-case.ts";
import { at, bools, floats, integers, moved, plain, upTo, type Plain } from "./plain.ts";

const dice = random(37);
type Draw = (shape: Shape) => Plain;
const real: Draw = (shape) => floats(shape, dice);
/** What has no gradient: whole numbers, bytes and truth values. */
const others: readonly Draw[] = [
  (shape) => integers(shape, dice, -9, 9),
  (shape) => plain(shape, () => dice.integer(256), "u8"),
  (shape) => bools(shape, dice),
];

function expandCase(from: Shape, shape: Shape, draw = real): OpCase {
  const x = draw(from);
  return { inputs: [x], attrs: { shape }, expected: [plain(shape, (i) => at(x, i), x.dtype)] };
}

function permuteCase(from: Shape, order: readonly number[], draw = real): OpCase {
  const x = draw(from);
  const expected = plain(
    order.map((axis) => from[axis]!),
    (i) =>
      at(
        x,
        from.map((_, axis) => i[order.indexOf(axis)]!),
      ),
    x.dtype,
  );
  return { inputs: [x], attrs: { order }, expected: [expected] };
}

function sliceCase(x: Plain, axis: number, start: number, length: number): OpCase {
  const expected = plain(moved(x.shape, axis, length), (i) => at(x, moved(i, axis, i[axis]! + start)), x.dtype);
  return { inputs: [x], attrs: { axis, start, length }, expected: [expected] };
}

function padCase(x: Plain, axis: number, before: number, after: number): OpCase {
  const n = x.shape[axis]!;
  const inside = (i: number): boolean => i >= before && i < before + n;
  const expected = plain(
    moved(x.shape, axis, before + n + after),
    (i) => (inside(i[axis]!) ? at(x, moved(i, axis, i[axis]! - before)) : 0),
    x.dtype,
  );
  return { inputs: [x], attrs: { axis, before, after }, expected: [expected] };
}

function concatCase(xs: readonly Plain[], axis: number): OpCase {
  const places = xs.flatMap((x) => upTo(x.shape[axis]!).map((n) => ({ x, n })));
  const expected = plain(
    moved(xs[0]!.shape, axis, places.length),
    (i) => at(places[i[axis]!]!.x, moved(i, axis, places[i[axis]!]!.n)),
    xs[0]!.dtype,
  );
  return { inputs: xs, attrs: { axis }, expected: [expected] };
}

function writeSliceCase(target: Plain, source: Plain, axis: number, start: number): OpCase {
  const inside = (i: number): boolean => i >= start && i < start + source.shape[axis]!;
  const expected = plain(
    target.shape,
    (i) => (inside(i[axis]!) ? at(source, moved(i, axis, i[axis]! - start)) : at(target, i)),
    target.dtype,
  );
  return { inputs: [target, source], attrs: { axis, start }, expected: [expected] };
}

/** Calls of the primitives that only move elements. */
export const layoutCases: {
  readonly [K in "expand" | "permute" | "slice" | "pad" | "concat" | "writeSlice"]: readonly OpCase[];
} = {
  expand: [
    expandCase([], [2, 3]),
    expandCase([3], [2, 3]),
    expandCase([2, 1], [2, 3]),
    expandCase([1, 2, 1], [4, 2, 3]),
    expandCase([1], [0]),
    expandCase([2, 3], [2, 3]),
    ...others.map((draw) => expandCase([2, 1, 3], [2, 4, 3], draw)),
  ],
  permute: [
    permuteCase([], []),
    permuteCase([5], [0]),
    ...[
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ].map((order) => permuteCase([2, 3, 4], order)),
    permuteCase([2, 0, 3], [2, 0, 1]),
    permuteCase([2, 3, 4, 2], [0, 2, 1, 3]),
    ...others.map((draw) => permuteCase([2, 3, 4], [2, 0, 1], draw)),
  ],
  slice: [
    sliceCase(floats([7], dice), 0, 2, 3),
    ...[0, 1, 2].map((axis) => sliceCase(floats([2, 3, 4], dice), axis, 1, 1)),
    sliceCase(floats([2, 3], dice), 1, 0, 3),
    sliceCase(floats([2, 3], dice), 1, 3, 0),
    ...others.map((draw) => sliceCase(draw([4, 2]), 0, 1, 2)),
  ],
  pad: [
    padCase(floats([3], dice), 0, 2, 1),
    ...[0, 1, 2].map((axis) => padCase(floats([2, 3, 2], dice), axis, 1, 2)),
    padCase(floats([2, 0], dice), 1, 1, 1),
    ...others.map((draw) => padCase(draw([2, 2]), 1, 0, 1)),
  ],
  concat: [
    concatCase([floats([3], dice)], 0),
    concatCase([floats([2, 3], dice), floats([1, 3], dice), floats([4, 3], dice)], 0),
    concatCase([floats([2, 1, 3], dice), floats([2, 2, 3], dice)], 1),
    concatCase([floats([2, 3], dice), floats([2, 0], dice), floats([2, 1], dice)], 1),
    ...others.map((draw) => concatCase([draw([2]), draw([1])], 0)),
  ],
  writeSlice: [
    writeSliceCase(floats([5], dice), floats([2], dice), 0, 3),
    writeSliceCase(floats([2, 4, 3], dice), floats([2, 1, 3], dice), 1, 2),
    writeSliceCase(floats([2, 3], dice), floats([2, 3], dice), 0, 0),
    ...others.map((draw) => writeSliceCase(draw([3, 2]), draw([3, 1]), 1, 1)),
    writeSliceCase(floats([3], dice), floats([0], dice), 0, 3),
  ],
};
