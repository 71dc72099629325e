import { f64x2, i32, i8x16, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { Engine } from "../engine.ts";
import { kernel, type Arguments, type Kernel, type KernelFunc } from "../kernel.ts";
import { elementSizes, loadElement, storeElement, type ElementSize } from "./copy.ts";
import { findPlane } from "./planes.ts";

type Address = Local<"i32">;

/** Elements of a and b by turns: those of their lower or upper halves. */
function interleaved(a: Value<"v128">, b: Value<"v128">, size: ElementSize, half: "low" | "high"): Value<"v128"> {
  const start = half === "low" ? 0 : 8;
  const bytes = Array.from({ length: 16 }, (_, i) => {
    const turn = Math.floor(i / size);
    return (turn % 2 === 0 ? 0 : 16) + start + Math.floor(turn / 2) * size + (i % size);
  });
  return i8x16.shuffle(a, b, bytes);
}

/** How many rows and columns a tile has, which is turned in registers. */
const side = (size: ElementSize): 4 | 8 => (size === 4 ? 4 : 8);

/**
 * Turns the tile whose first row lies at `from`, into one whose first row lies at `to`. Each stage interleaves the first half of the
 * vectors with the second, as a deck of cards is riffled: once for each bit of a row's number, which so becomes a column's.
 */
function turnTile(f: KernelFunc, size: ElementSize, from: Address, xStep: Address, to: Address, yStep: Address): void {
  const n = side(size);
  const at = f.let(from);
  let vectors = Array.from({ length: n }, (_, i) => {
    if (i > 0) at.set(i32.add(at, xStep));
    return f.let(size === 1 ? v128.load64Zero(at) : v128.load(at));
  });
  for (let stage = 1; stage < n; stage *= 2) {
    const half = vectors.length / 2;
    vectors = vectors.slice(0, half).flatMap((first, i) => {
      const second = vectors[half + i]!;
      const low = f.let(interleaved(first, second, size, "low"));
      // Eight bytes fill half a vector, so at first nothing is high.
      return size === 1 && stage === 1 ? [low] : [low, f.let(interleaved(first, second, size, "high"))];
    });
  }
  at.set(to);
  for (let i = 0; i < n; i++) {
    if (i > 0) at.set(i32.add(at, yStep));
    if (size === 1) f.store("f64", at, f64x2.lane(vectors[i >> 1]!, i & 1));
    else f.store("v128", at, vectors[i]!);
  }
}

/** A block is so many rows of x high and a cache line of columns wide: what is read and written of it stays in the first cache. */
const blockRows = 64;
const blockColumns = (size: ElementSize): number => 64 / size;

const fields = {
  y: "i32",
  x: "i32",
  /** Of x in each plane: its rows become the columns of y. */
  rows: "i32",
  columns: "i32",
  /** Bytes from row to row, in x and in y. */
  xStep: "i32",
  yStep: "i32",
  table: "i32",
  axes: "i32",
} as const;

/** Rows and columns exchanged, in each of many planes. A unit is a block. */
const transpose = (size: ElementSize): Kernel<typeof fields> =>
  kernel(`transpose${8 * size}`, fields, (f, { y, x, rows, columns, xStep, yStep, ...planes }, { from, to }) => {
    const n = side(size);
    const wide = blockColumns(size);
    const down = f.let(blocks(rows, blockRows));
    const inPlane = f.let(i32.mul(down, blocks(columns, wide)));
    const [unit, i, j, source, target] = f.locals("i32", 5);
    f.for(unit, from, to, 1, () => {
      const plane = f.let(i32.div(unit, inPlane));
      const inside = f.let(i32.sub(unit, i32.mul(plane, inPlane)));
      const across = f.let(i32.div(inside, down));
      const firstRow = f.let(i32.mul(i32.sub(inside, i32.mul(across, down)), blockRows));
      const firstColumn = f.let(i32.mul(across, wide));
      const height = f.let(lesser(f, i32.sub(rows, firstRow), blockRows));
      const width = f.let(lesser(f, i32.sub(columns, firstColumn), wide));
      const x0 = f.let(i32.add(x, i32.add(i32.mul(firstRow, xStep), i32.mul(firstColumn, size))));
      const y0 = f.let(i32.add(y, i32.add(i32.mul(firstColumn, yStep), i32.mul(firstRow, size))));
      findPlane(f, plane, planes, x0, y0);

      const tiledHeight = f.let(i32.and(height, -n));
      const tiledWidth = f.let(i32.and(width, -n));
      const tileStep = f.let(i32.mul(xStep, n));
      // Down the rows of x, so that a row of y is written from end to end.
      f.for(j, 0, tiledWidth, n, () => {
        source.set(i32.add(x0, i32.mul(j, size)));
        target.set(i32.add(y0, i32.mul(j, yStep)));
        f.for(i, 0, tiledHeight, n, () => {
          turnTile(f, size, source, xStep, target, yStep);
          source.set(i32.add(source, tileStep));
          target.set(i32.add(target, n * size));
        });
      });
      // What fills no tile: the last rows, and all rows of the last columns.
      f.for(j, 0, width, 1, () => {
        const first = f.let(f.select(i32.lt(j, tiledWidth), tiledHeight, i32.of(0)));
        source.set(i32.add(x0, i32.add(i32.mul(j, size), i32.mul(first, xStep))));
        target.set(i32.add(y0, i32.add(i32.mul(j, yStep), i32.mul(first, size))));
        f.for(i, first, height, 1, () => {
          storeElement(f, size, target, loadElement(size, source));
          source.set(i32.add(source, xStep));
          target.set(i32.add(target, size));
        });
      });
    });
  });

const blocks = (n: Value<"i32">, size: number): Value<"i32"> => i32.div(i32.add(n, size - 1), size);
const lesser = (f: KernelFunc, a: Value<"i32">, b: number): Value<"i32"> => {
  const value = f.let(a);
  return f.select(i32.lt(value, b), value, i32.of(b));
};

const bySize: { readonly [S in ElementSize]: Kernel<typeof fields> } = {
  1: transpose(1),
  2: transpose(2),
  4: transpose(4),
};

export const transposeKernels: readonly Kernel[] = elementSizes.map((size) => bySize[size]);

/** Exchanges rows and columns in each of `planes` planes. */
export function runTranspose(
  engine: Engine,
  size: ElementSize,
  planes: number,
  values: Arguments<typeof fields>,
): void {
  const down = Math.ceil(values.rows / blockRows);
  const across = Math.ceil(values.columns / blockColumns(size));
  // Blocks at the edge of small planes hold less, but finding them takes its time too.
  const elements = Math.min(values.rows, blockRows) * Math.min(values.columns, blockColumns(size));
  engine.run(bySize[size], values, planes * down * across, Math.ceil((1 << 16) / (elements + 32)));
}
