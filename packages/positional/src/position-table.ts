import { gather, scoped, tensor, type Tensor } from "@tenon/tensor";

import type { Extent } from "./extent.ts";

/**
 * value(position, column) for the positions of a pass: [t, columns], or [b, t, columns] where its sequences have positions of their own.
 * Each position is computed once, however many tokens stand there.
 */
export function positionTable(
  extent: Extent,
  columns: number,
  value: (position: number, column: number) => number,
): Tensor {
  const { length, backend } = extent;
  const rows = extent.rows();
  const distinct = [...new Set(rows.flat())];
  const table = new Float64Array(distinct.length * columns);
  for (const [row, position] of distinct.entries()) {
    for (let column = 0; column < columns; column++) table[row * columns + column] = value(position, column);
  }
  return scoped(() => {
    const made = tensor(table, [distinct.length, columns], backend);
    if (rows.length === 1 && distinct.length === length) return made;
    const rowOf = new Map(distinct.map((position, row) => [position, row]));
    const places = Int32Array.from(rows.flat(), (position) => rowOf.get(position)!);
    return gather(made, tensor(places, rows.length === 1 ? [length] : [rows.length, length], backend, "i32"));
  });
}
