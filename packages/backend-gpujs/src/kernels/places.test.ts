import { sizeOf, type Shape } from "@tenon/tensor";
import { expect, test } from "vitest";

import { broadcastPlaces, permutedPlaces, type Places } from "./places.ts";

/** What a kernel with these places reads for each element of its result, for operands that hold their own indices. */
function read(places: Places, which: number): number[] {
  const { out, before, operands } = places;
  const { shape, at } = operands[which]!;
  const [z, y, x] = [...[1, 1, 1], ...out].slice(-3) as [number, number, number];
  const rows = (n: number, of: readonly number[]): unknown =>
    of.length === 0 ? n : Array.from({ length: of[0]! }, (_, i) => rows(n * of[0]! + i, of.slice(1)));
  // oxlint-disable-next-line typescript/no-implied-eval -- gpu.js is given texts
  const place = new Function("Z", "Y", "X", "x", `${before}return x${at};`) as (...all: unknown[]) => number;
  const operand = rows(0, shape);
  const found: number[] = [];
  for (let Z = 0; Z < z; Z++)
    for (let Y = 0; Y < y; Y++) for (let X = 0; X < x; X++) found.push(place(Z, Y, X, operand));
  return found;
}

/** The index in an operand for each element of a shape, given the operand's step along each axis. */
const expected = (out: Shape, steps: readonly number[]): number[] =>
  Array.from({ length: sizeOf(out) }, (_, i) => {
    let [rest, index] = [i, 0];
    for (let a = out.length - 1; a >= 0; a--) {
      index += (rest % out[a]!) * steps[a]!;
      rest = Math.floor(rest / out[a]!);
    }
    return index;
  });
const stepsOf = (shape: Shape): number[] => shape.map((_, a) => sizeOf(shape.slice(a + 1)));

test.each([
  [[2, 3], [3]],
  [
    [2, 3],
    [2, 1],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [2, 3, 4, 5],
    [3, 1, 5],
  ],
  [
    [2, 3, 2, 3, 2],
    [2, 1, 2, 1, 2],
  ],
  [
    [2, 3, 2, 3, 2, 3],
    [3, 1, 3, 1, 3],
  ],
  [[4], []],
  [[], []],
])("%j reads an operand %j that broadcasts", (out, shape) => {
  const places = broadcastPlaces(out, [shape, out]);
  const missing = out.length - shape.length;
  const own = stepsOf(shape);
  const steps = out.map((_, a) => (a < missing || shape[a - missing] === 1 ? 0 : own[a - missing]!));
  expect(sizeOf(places.out)).toBe(sizeOf(out));
  expect(read(places, 0)).toEqual(expected(out, steps));
  expect(read(places, 1)).toEqual(Array.from({ length: sizeOf(out) }, (_, i) => i));
});

test.each([
  [
    [2, 3],
    [1, 0],
  ],
  [
    [2, 3, 4],
    [2, 0, 1],
  ],
  [
    [2, 3, 4, 5],
    [0, 2, 1, 3],
  ],
  [
    [2, 3, 4, 5],
    [3, 2, 1, 0],
  ],
  [
    [2, 1, 3, 1, 2, 3],
    [5, 0, 4, 1, 2, 3],
  ],
])("%j in the order %j", (shape, order) => {
  const places = permutedPlaces(shape, order);
  const own = stepsOf(shape);
  expect(read(places, 0)).toEqual(
    expected(
      order.map((axis) => shape[axis]!),
      order.map((axis) => own[axis]!),
    ),
  );
});

test("axes are told apart by dividing floats only where that is exact", () => {
  const shape = [1500, 3, 1500, 3, 2, 3];
  expect(() => broadcastPlaces(shape, [[1500, 1, 1500, 1, 2, 1]])).toThrow(
    "gpujs: a result of shape [1500, 3, 1500, 3, 2, 3] has 20250000 places",
  );
});
