import { sizeOf, type Call, type Shape } from "@tenon/tensor";
import { i32, type Local, type Value } from "@tenon/wasm-assembler";

import type { Block } from "../block.ts";
import type { Engine } from "../engine.ts";
import type { KernelFunc } from "../kernel.ts";

/** An axis of the result: how many entries, and how many bytes one lies from the next in x and in y. */
export interface Axis {
  readonly size: number;
  readonly xStep: number;
  readonly yStep: number;
}

/**
 * The axes of a permuted tensor that is not empty: without those of one entry, and as one where two that follow each other in the result
 * do so in x. The last has steps of one element in y, and one of them has in x; a single element has none.
 */
export function joinedAxes(shape: Shape, order: readonly number[], bytes: number): Axis[] {
  const axes: Axis[] = [];
  let yStep = bytes;
  for (const axis of order.toReversed()) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const xStep = bytes * sizeOf(shape.slice(axis + 1));
    const inner = axes[0];
    if (inner !== undefined && xStep === inner.size * inner.xStep) axes[0] = { ...inner, size: size * inner.size };
    else axes.unshift({ size, xStep, yStep });
    yStep *= size;
  }
  return axes;
}

/** Several axes, outermost first, where {@link findPlane} finds them. */
export interface Planes {
  /** The address of three numbers for each axis. */
  readonly table: number;
  readonly axes: number;
}
export function planesOf(engine: Engine, axes: readonly Axis[], call: Call<Block>): Planes {
  if (axes.length === 0) return { table: 0, axes: 0 };
  const table = engine.at(call.allocate({ dtype: "i32", shape: [3 * axes.length] }));
  axes.forEach(({ size, xStep, yStep }, i) => engine.memory.i32.set([size, xStep, yStep], table / 4 + 3 * i));
  return { table, axes: axes.length };
}

/** Adds to the addresses x and y where the n-th plane lies: planes are counted along the last axis first. */
export function findPlane(
  f: KernelFunc,
  n: Value<"i32">,
  { table, axes }: { readonly [K in keyof Planes]: Local<"i32"> },
  x: Local<"i32">,
  y: Local<"i32">,
): void {
  const rest = f.let(n);
  const axis = f.let(i32.add(table, i32.mul(axes, 12)));
  const [next, index] = f.locals("i32", 2);
  f.while(
    () => i32.gt(axis, table),
    () => {
      axis.set(i32.sub(axis, 12));
      next.set(i32.div(rest, i32.loadUnsigned(axis)));
      index.set(i32.sub(rest, i32.mul(next, i32.loadUnsigned(axis))));
      x.set(i32.add(x, i32.mul(index, i32.loadUnsigned(axis, 4))));
      y.set(i32.add(y, i32.mul(index, i32.loadUnsigned(axis, 8))));
      rest.set(next);
    },
  );
}
