import type { RowMatrix } from "./matrix.ts";
import type { ProductQuantizer } from "./product-quantizer.ts";

/** What {@link QuantizedMatrix} is made of. */
export interface QuantizedMatrixOptions {
  readonly rows: number;
  /** A byte for each part of each row, [rows, parts]. */
  readonly codes: Uint8Array;
  readonly quantizer: ProductQuantizer;
  /** Where the rows' lengths were quantised apart: a code for each, [rows], and the 256 lengths. */
  readonly norms?: { readonly codes: Uint8Array; readonly quantizer: ProductQuantizer } | undefined;
}

/** A matrix whose rows are codes of a {@link ProductQuantizer}, read without expanding more than the row that is asked for. */
export class QuantizedMatrix implements RowMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly codes: Uint8Array;
  readonly quantizer: ProductQuantizer;
  readonly norms: QuantizedMatrixOptions["norms"];

  constructor({ rows, codes, quantizer, norms }: QuantizedMatrixOptions) {
    this.rows = rows;
    this.columns = quantizer.width;
    this.codes = codes;
    this.quantizer = quantizer;
    this.norms = norms;
  }

  addRow(row: number, to: Float32Array): void {
    const norm = this.#norm(row);
    this.#each(row, (column, value) => (to[column]! += Math.fround(norm * value)));
  }

  dotRow(row: number, vector: Float32Array): number {
    let sum = 0;
    this.#each(row, (column, value) => (sum = Math.fround(sum + Math.fround(vector[column]! * value))));
    return Math.fround(sum * this.#norm(row));
  }

  #norm(row: number): number {
    const { norms } = this;
    return norms === undefined ? 1 : norms.quantizer.centroids[norms.codes[row]!]!;
  }

  #each(row: number, visit: (column: number, value: number) => void): void {
    const { parts, partWidth, width, centroids } = this.quantizer;
    for (let part = 0; part < parts; part++) {
      const from = this.quantizer.begin(part, this.codes[row * parts + part]!);
      const first = part * partWidth;
      const count = Math.min(partWidth, width - first);
      for (let j = 0; j < count; j++) visit(first + j, centroids[from + j]!);
    }
  }
}
