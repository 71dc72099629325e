import { bytesPerElement, sizeOf, type KernelTable, type TensorType } from "@tenon/tensor";
import { i32 } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import { kernel, type Arguments, type Kernel } from "../kernel.ts";
import { copyBytes, runCopy, runsPerPiece, type ElementSize } from "./copy.ts";
import { findPlane, joinedAxes, planesOf } from "./planes.ts";
import { runTranspose, transposeKernels } from "./transpose.ts";

const rowFields = { y: "i32", x: "i32", bytes: "i32", count: "i32", xStep: "i32", table: "i32", axes: "i32" } as const;
/** Rows that move whole, `count` of them to a plane, as in [b, t, h, k] → [b, h, t, k]. A unit is a row. */
const permuteRows = kernel("permuteRows", rowFields, (f, { y, x, bytes, count, xStep, ...planes }, { from, to }) => {
  const row = f.let(from);
  const target = f.let(i32.add(y, i32.mul(row, bytes))); // rows of y follow each other, from plane to plane
  const ignored = f.local("i32");
  f.while(
    () => i32.lt(row, to),
    () => {
      const plane = f.let(i32.div(row, count));
      const first = f.let(i32.mul(plane, count));
      const source = f.let(i32.add(x, i32.mul(i32.sub(row, first), xStep)));
      findPlane(f, plane, planes, source, ignored);
      const next = f.let(i32.add(first, count));
      const end = f.let(f.select(i32.lt(next, to), next, to));
      f.for(row, row, end, 1, () => {
        copyBytes(f, target, source, bytes);
        source.set(i32.add(source, xStep));
        target.set(i32.add(target, bytes));
      });
    },
  );
});

/** Moves `rows` rows, `count` of them to a plane. */
export const runRows = (engine: Engine, values: Arguments<typeof rowFields>, rows: number): void =>
  engine.run(permuteRows, values, rows, runsPerPiece(values.bytes));

export const permuteKernels: readonly Kernel[] = [permuteRows, ...transposeKernels];

export const permuteTable = (engine: Engine): Pick<KernelTable<Block>, "permute"> => ({
  permute: ([x], { order }, call) => {
    const y = call.allocate(call.output);
    const { dtype, shape } = call.inputs[0] as TensorType;
    const size = bytesPerElement(dtype) as ElementSize;
    const n = sizeOf(shape);
    if (n === 0) return y;
    const places = { y: engine.at(y), x: engine.at(x) };
    const axes = joinedAxes(shape, order, size);
    if (axes.length < 2) {
      const bytes = n * size;
      runCopy(engine, { ...places, runs: 1, bytes, yStep: bytes, xStep: bytes });
      return y;
    }
    const last = axes.pop()!;
    if (last.xStep === size) {
      const bytes = last.size * size;
      const { size: count, xStep } = axes.pop()!;
      const planes = planesOf(engine, axes, call);
      runRows(engine, { ...places, bytes, count, xStep, ...planes }, n / last.size);
      return y;
    }
    // Some other axis has its entries side by side in x: it and the last are exchanged, in each plane that the rest leave.
    const [row] = axes.splice(
      axes.findIndex(({ xStep }) => xStep === size),
      1,
    );
    const { size: columns, yStep } = row!;
    const planes = planesOf(engine, axes, call);
    runTranspose(engine, size, n / (columns * last.size), {
      ...places,
      rows: last.size,
      columns,
      xStep: last.xStep,
      yStep,
      ...planes,
    });
    return y;
  },
});

/** It takes 16-bit floats as they are stored. */
export const permuteHalves: readonly string[] = ["permute"];
