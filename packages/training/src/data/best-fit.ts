/**
 * Packs things into rows with so much room each: best-fit decreasing. `sizes` has the largest first; each goes into the row with the least
 * room that still holds it, and into a new one when there is none. Gives the places of each row's things. How many rows there are depends
 * on the sizes alone, and is at most about 11/9 of the fewest possible.
 *
 * Johnson 1973, "Near-optimal bin packing algorithms".
 */
export function bestFit(sizes: ArrayLike<number>, room: number): number[][] {
  const rows: number[][] = [];
  /** The rows by the room that is left. */
  const open: number[][][] = Array.from({ length: room + 1 }, () => []);
  for (let i = 0; i < sizes.length; i++) {
    const size = sizes[i]!;
    let left = size;
    while (left < room && open[left]!.length === 0) left++;
    const row = open[left]!.pop() ?? newRow(rows);
    row.push(i);
    open[left - size]!.push(row);
  }
  return rows;
}

function newRow(rows: number[][]): number[] {
  const row: number[] = [];
  rows.push(row);
  return row;
}
