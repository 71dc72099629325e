import { i32, i32x4, type Local, v128, type Value } from "@tenon/wasm-assembler";

import type { KernelFunc, Part } from "../kernel.ts";

type Vector = Value<"v128">;

/** Rows of n numbers of 32 bits: how many bytes are whole vectors, and what lies behind them. */
export interface RowLength {
  readonly bytes: Local<"i32">;
  readonly whole: Local<"i32">;
  readonly rest: Local<"i32">;
  /** Ones in the lanes that the last, partial vector has. */
  readonly mask: Local<"v128">;
}

export function rowLength(f: KernelFunc, n: Local<"i32">): RowLength {
  const rest = f.let(i32.and(n, 3));
  return {
    bytes: f.let(i32.shl(n, 2)),
    whole: f.let(i32.shl(i32.and(n, -4), 2)),
    rest,
    mask: f.let(i32x4.lt(i32x4.list(0, 1, 2, 3), i32x4.splat(rest))),
  };
}

/** Where a vector of a row is: `at` bytes from the row's start, `offset` more, for accumulator `turn`; the last one has fewer lanes. */
export interface Place {
  readonly at: Local<"i32">;
  readonly offset: number;
  readonly turn: number;
  readonly mask: Local<"v128"> | undefined;
}

/** How many vectors a sweep visits in a turn: as many sums may run side by side. */
export const turns = 4;

/** Visits all vectors of a row: four in a turn, then one at a time, then what is less than one. */
export function sweep(f: KernelFunc, { whole, rest, mask }: RowLength, visit: (place: Place) => void): void {
  const at = f.local("i32");
  const four = f.let(i32.and(whole, -16 * turns));
  f.for(at, 0, four, 16 * turns, () => {
    for (let turn = 0; turn < turns; turn++) visit({ at, offset: 16 * turn, turn, mask: undefined });
  });
  f.for(at, four, whole, 16, () => visit({ at, offset: 0, turn: 0, mask: undefined }));
  f.if(rest, () => {
    at.set(whole);
    visit({ at, offset: 0, turn: 1, mask });
  });
}

/** The vector of a row at a place; lanes behind its end are as `neutral` where that is given, else unspecified. */
export function loadAt(row: Value<"i32">, { at, offset, mask }: Place, neutral?: Vector): Vector {
  const x = v128.load(i32.add(row, at), offset);
  return mask === undefined || neutral === undefined ? x : v128.select(x, neutral, mask);
}

/** Stores a vector of a row. The last one goes by way of scratch: what lies behind the row may be another thread's. */
export function storeAt(
  f: KernelFunc,
  part: Part,
  row: Value<"i32">,
  place: Place,
  x: Vector,
  length: RowLength,
): void {
  if (place.mask === undefined) {
    f.store("v128", i32.add(row, place.at), x, place.offset);
    return;
  }
  f.store("v128", part.scratch, x);
  f.copy(i32.add(row, place.at), part.scratch, i32.shl(length.rest, 2));
}
