/** One row of a matrix that is stored row by row. */
export const rowOf = (values: Float32Array, row: number, columns: number): Float32Array =>
  values.subarray(row * columns, (row + 1) * columns);

/** The mean of one row. */
export const meanOfRow = (values: Float32Array, row: number, columns: number): number =>
  rowOf(values, row, columns).reduce((a, b) => a + b, 0) / columns;
