import { ConfigError } from "@tenon/tensor";

/** Rows of numbers that are read one at a time: a table of them, or codes that stand for them. */
export interface RowMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Adds a row to a vector, [d], rounding each sum to f32. */
  addRow(row: number, to: Float32Array): void;
  /** The inner product of a row and a vector, [d], each sum rounded to f32. */
  dotRow(row: number, vector: Float32Array): number;
}

/**
 * A matrix of f32, [rows, columns].
 *
 * Throws a ConfigError where the numbers are not as many.
 */
export class DenseMatrix implements RowMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;

  constructor(rows: number, columns: number, data: Float32Array) {
    if (data.length !== rows * columns)
      throw new ConfigError(`DenseMatrix: ${data.length} numbers are not ${rows} rows of ${columns}`, {
        rows,
        columns,
        numbers: data.length,
      });
    this.rows = rows;
    this.columns = columns;
    this.data = data;
  }

  addRow(row: number, to: Float32Array): void {
    const { data, columns } = this;
    const begin = row * columns;
    for (let j = 0; j < columns; j++) to[j]! += data[begin + j]!;
  }

  dotRow(row: number, vector: Float32Array): number {
    const { data, columns } = this;
    const begin = row * columns;
    let sum = 0;
    for (let j = 0; j < columns; j++) sum = Math.fround(sum + Math.fround(data[begin + j]! * vector[j]!));
    return sum;
  }
}

/** The mean of rows, [d], in f32 as fastText computes it: the sum times 1/n. Zeros where there are none. */
export function meanOfRows(matrix: RowMatrix, rows: readonly number[]): Float32Array {
  const mean = new Float32Array(matrix.columns);
  if (rows.length === 0) return mean;
  for (const row of rows) matrix.addRow(row, mean);
  const share = Math.fround(1 / rows.length);
  for (let j = 0; j < mean.length; j++) mean[j]! *= share;
  return mean;
}
