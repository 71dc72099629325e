import type { Sequences } from "./batch.ts";

/** Rows of different lengths as one array, filled up to the longest; `lengths` only where there is padding. */
export function paddedRows(rows: readonly Int32Array[]): Sequences {
  const length = Math.max(...rows.map((row) => row.length));
  return {
    inputs: filledUp(rows, length, 0),
    shape: [rows.length, length],
    ...(rows.some((row) => row.length < length) && { lengths: Int32Array.from(rows, (row) => row.length) }),
  };
}

/** Rows side by side, each filled up to `length`. */
export function filledUp(rows: readonly Int32Array[], length: number, filler: number): Int32Array {
  const all = new Int32Array(rows.length * length).fill(filler);
  for (const [i, row] of rows.entries()) all.set(row, i * length);
  return all;
}
