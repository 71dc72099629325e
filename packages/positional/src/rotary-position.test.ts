import { cpu, isTenonError, random, scoped, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { rotaries } from "../test/schemes.ts";
import { Extent } from "./extent.ts";
import { RotaryPosition } from "./rotary-position.ts";
import { dynamicNtkScaling } from "./rotary-scaling/dynamic-ntk-scaling.ts";
import { yarnScaling } from "./rotary-scaling/yarn-scaling.ts";

const double = (): Backend => cpu({ precision: "f64" });
const numbers = (count: number, seed: number): Float64Array => {
  const stream = random(seed);
  return Float64Array.from({ length: count }, () => stream.normal());
};
/** One head vector turned as if it stood at `offset`. */
const turned = async (position: RotaryPosition, vector: Float64Array, offset: number): Promise<Float64Array> => {
  const backend = double();
  const { rotate } = position.at(new Extent({ offset, length: 1, backend }));
  return (await rotate(tensor(vector, [1, 1, 1, vector.length], backend)).read()) as Float64Array;
};
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((total, value, i) => total + value * b[i]!, 0);

test.each(Object.entries(rotaries))("scores depend on the distance only: %s", async (_, create) => {
  const position = create();
  const query = numbers(8, 1);
  const key = numbers(8, 2);
  const score = async (q: number, k: number): Promise<number> =>
    dot(await turned(position, query, q), await turned(position, key, k));
  expect(await score(107, 100)).toBeCloseTo(await score(7, 0), 12);
  expect(await score(7, 0)).not.toBeCloseTo(await score(6, 0), 3);
});

test("the two layouts do the same to elements in another order", async () => {
  const x = numbers(8, 3);
  const shuffled = [0, 2, 4, 1, 3, 5, 6, 7]; // of 6 that turn, the first of each pair and then the second
  const neighbours = await turned(new RotaryPosition({ width: 8, fraction: 0.75, layout: "interleaved" }), x, 9);
  const halves = await turned(
    new RotaryPosition({ width: 8, fraction: 0.75 }),
    Float64Array.from(shuffled, (i) => x[i]!),
    9,
  );
  expect([...halves]).toEqual(shuffled.map((i) => neighbours[i]));
});

test.each([1, 0.5])("turns pair (i, i + r/2) by p · base^(−2i/r), with fraction %d", async (fraction) => {
  const width = 8;
  const r = fraction * width;
  const x = numbers(width, 3);
  const y = await turned(new RotaryPosition({ width, fraction, base: 100 }), x, 5);
  for (let i = 0; i < r / 2; i++) {
    const angle = 5 * 100 ** ((-2 * i) / r);
    const [a, b] = [x[i]!, x[i + r / 2]!];
    expect(y[i]).toBeCloseTo(a * Math.cos(angle) - b * Math.sin(angle), 12);
    expect(y[i + r / 2]).toBeCloseTo(b * Math.cos(angle) + a * Math.sin(angle), 12);
  }
  for (let i = r; i < width; i++) expect(y[i]).toBe(x[i]);
});

test("position 0 stays as it is, and lengths are kept everywhere", async () => {
  const position = new RotaryPosition({ width: 4 });
  const x = numbers(4, 4);
  expect(await turned(position, x, 0)).toEqual(x);
  const far = await turned(position, x, 1_000_000);
  expect(dot(far, far)).toBeCloseTo(dot(x, x), 12);
});

test("the attention factor multiplies what turns, and nothing else", async () => {
  const scaling = yarnScaling({ factor: 4, context: 100, attentionFactor: 1.5 });
  const x = numbers(8, 4);
  for (const layout of ["half-split", "interleaved"] as const) {
    const y = await turned(new RotaryPosition({ width: 8, fraction: 0.5, scaling, layout }), x, 77);
    expect(dot(y.slice(0, 4), y.slice(0, 4))).toBeCloseTo(2.25 * dot(x.slice(0, 4), x.slice(0, 4)), 12);
    expect(y.slice(4)).toEqual(x.slice(4));
  }
});

test("a stretch equals its parts, and its tables are shared and freed", async () => {
  const backend = double();
  const position = new RotaryPosition({ width: 4 });
  const values = numbers(12, 5);
  const x = tensor(values, [1, 1, 3, 4], backend);
  const whole = scoped((): Tensor => {
    const extent = new Extent({ offset: 2, length: 3, backend });
    position.at(extent).rotate(x);
    const before = backend.memory().tensors;
    const y = position.at(extent).rotate(x);
    expect(backend.memory().tensors).toBe(before + 1);
    return y;
  });
  expect(backend.memory().tensors).toBe(2);
  const rows = await whole.read();
  for (let row = 0; row < 3; row++) {
    const one = await turned(position, values.slice(4 * row, 4 * row + 4), 2 + row);
    one.forEach((value, i) => expect(rows[4 * row + i]).toBeCloseTo(value, 12));
  }
});

test.each([
  [() => new RotaryPosition({ width: 0 }), "RotaryPosition: width must be a whole number from 1 up, got 0"],
  [() => new RotaryPosition({ width: 4, base: 0 }), "RotaryPosition: base must be a finite number above 0, got 0"],
  [
    () => new RotaryPosition({ width: 4, fraction: 1.5 }),
    "RotaryPosition: fraction must be above 0 and at most 1, got 1.5",
  ],
  [() => new RotaryPosition({ width: 5 }), "elements turn in pairs, but 1 of the width 5 is 5"],
  [() => new RotaryPosition({ width: 6, fraction: 0.5 }), "elements turn in pairs, but 0.5 of the width 6 is 3"],
  [
    () => new RotaryPosition({ width: 4, context: 0 }),
    "RotaryPosition: context must be a whole number from 1 up, got 0",
  ],
  [
    () => new RotaryPosition({ width: 4, context: 8 }).at(new Extent({ offset: 8, length: 1, backend: cpu() })),
    "RotaryPosition: 9 positions, but the context is 8.",
  ],
  [
    () =>
      new RotaryPosition({ width: 4, context: 8 }).at(
        new Extent({ offset: 1, length: 1, positions: [[0, 8]], backend: cpu() }),
      ),
    "RotaryPosition: 9 positions, but the context is 8.",
  ],
  [
    () => new RotaryPosition({ width: 4, layout: "neox" as "interleaved" }),
    'RotaryPosition: layout must be "half-split" or "interleaved", got neox',
  ],
  [() => new RotaryPosition({ width: 4, fraction: 1e-8 }), "elements turn in pairs, but 1e-8 of the width 4 is 4e-8"],
  [
    () => new RotaryPosition({ width: 2, scaling: dynamicNtkScaling({ factor: 2, context: 8 }) }),
    "dynamicNtkScaling: at least 4 elements of each head must turn, got 2",
  ],
])("bad options are refused %#", (make, message) => {
  let error: unknown;
  try {
    make();
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, "ConfigError")).toBe(true);
  expect((error as Error).message).toContain(message);
});

test("heads of another width are refused rather than turned in part", () => {
  const backend = cpu();
  const { rotate } = new RotaryPosition({ width: 4 }).at(new Extent({ offset: 0, length: 1, backend }));
  expect(() => rotate(tensor(numbers(8, 1), [1, 1, 1, 8], backend))).toThrow(
    "made for heads of width 4, got [1, 1, 1, 8]",
  );
});

test("the context counts positions, not tokens", () => {
  const positions = [[0, 1, 2, 0, 1, 2]]; // two documents
  const extent = new Extent({ offset: 0, length: 6, positions, backend: cpu() });
  expect(() => new RotaryPosition({ width: 4, context: 3 }).at(extent)).not.toThrow();
});

test("another number of sequences than rows of positions is refused", () => {
  const backend = cpu();
  const extent = new Extent({ offset: 0, length: 1, positions: [[0], [1]], backend });
  const { rotate } = new RotaryPosition({ width: 4 }).at(extent);
  expect(() => rotate(tensor(numbers(12, 1), [3, 1, 1, 4], backend))).toThrow(
    "RotaryPosition: the extent has positions for 2 sequences, got [3, 1, 1, 4]; give a row of positions for each sequence, or one for all",
  );
});

test.each(["half-split", "interleaved"] as const)("rows of positions leave nothing behind, %s", (layout) => {
  const backend = cpu();
  const position = new RotaryPosition({ width: 6, fraction: 2 / 3, layout });
  scoped(() => {
    const extent = new Extent({
      offset: 0,
      length: 2,
      positions: [
        [0, 1],
        [3, 3],
      ],
      backend,
    });
    const x = tensor(numbers(24, 1), [2, 1, 2, 6], backend);
    const { rotate } = position.at(extent);
    expect(backend.memory().tensors).toBe(3); // x, cosines and sines
    rotate(x);
    expect(backend.memory().tensors).toBe(4);
  });
  expect(backend.memory().tensors).toBe(0);
});
