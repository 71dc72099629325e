/** Gets the cosines of `count` rows, from `from` on, with the query of this number: a window that is overwritten later. */
export type Visit = (query: number, from: number, cosines: Float32Array, count: number) => void;

/** Compares all rows of a table with some vectors. */
export interface CosineScan {
  /**
   * Visits the cosines of the first `rows` rows with each query, block by block: of a block the queries in their order, then the next block. Queries
   * have length 1; the cosine of a row of zeros is 0.
   */
  scan(queries: readonly Float32Array[], rows: number, visit: Visit): void;
}

/** A table of vectors, [v, d]. */
export interface Table {
  readonly data: Float32Array;
  readonly width: number;
}

/** 1/‖x‖ of a row; 0 for one of zeros. */
export function inverseNorm({ data, width }: Table, row: number): number {
  let sum = 0;
  for (let i = row * width; i < (row + 1) * width; i++) sum += data[i]! * data[i]!;
  return sum === 0 ? 0 : 1 / Math.sqrt(sum);
}

const block = 256;

/** The scan in plain loops, summed in double precision: what the other is compared with. It needs no memory of its own. */
export function plainScan(table: Table): CosineScan {
  const { data, width } = table;
  const cosines = new Float32Array(block);
  let norms: Float64Array | undefined;
  return {
    scan(queries, rows, visit) {
      norms ??= Float64Array.from({ length: data.length / width }, (_, row) => inverseNorm(table, row));
      for (let from = 0; from < rows; from += block) {
        const count = Math.min(block, rows - from);
        for (const [number, query] of queries.entries()) {
          for (let row = 0; row < count; row++) {
            const at = (from + row) * width;
            let sum = 0;
            for (let i = 0; i < width; i++) sum += data[at + i]! * query[i]!;
            cosines[row] = sum * norms[from + row]!;
          }
          visit(number, from, cosines, count);
        }
      }
    },
  };
}
