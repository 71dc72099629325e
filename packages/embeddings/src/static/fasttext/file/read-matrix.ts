import { DenseMatrix, type RowMatrix } from "../matrix.ts";
import { centroidsPerPart, ProductQuantizer } from "../product-quantizer.ts";
import { QuantizedMatrix } from "../quantized-matrix.ts";
import type { FileCursor } from "./file-cursor.ts";

/** What is read, and the sizes that it must have. */
export interface ExpectedMatrix {
  /** What it is called in messages. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
}

/** Reads a matrix of f32. */
export async function readDense(cursor: FileCursor, expected: ExpectedMatrix): Promise<RowMatrix> {
  await cursor.need(16, `the size of the ${expected.name}`);
  checkSize(cursor, expected);
  const { rows, columns, name } = expected;
  return new DenseMatrix(rows, columns, await cursor.floats(rows * columns, `the ${name} of ${rows} × ${columns}`));
}

/** Reads a quantised matrix: its codes and centroids, and those of the rows' lengths where they have their own. */
export async function readQuantized(cursor: FileCursor, expected: ExpectedMatrix): Promise<RowMatrix> {
  const { rows, name } = expected;
  await cursor.need(21, `the size of the ${name}`);
  const withNorms = cursor.flag(`whether the ${name} has lengths of its own`);
  checkSize(cursor, expected);
  const byte = cursor.position;
  const codeCount = cursor.int32();
  // The codes come before the sizes of what they point into, so only that can be checked of them here which holds of all.
  const parts = codeCount / rows;
  if (rows > 0 ? !Number.isInteger(parts) || parts < 1 || parts > expected.columns : codeCount !== 0)
    cursor.refuse(`the ${name} has ${codeCount} codes for ${rows} rows of ${expected.columns}`, byte);
  const codes = await cursor.bytes(codeCount, `the codes of the ${name}`);
  const quantizer = await readQuantizer(cursor, expected.columns, `the centroids of the ${name}`);
  if (quantizer.parts * rows !== codeCount)
    cursor.refuse(`the ${name} has ${codeCount} codes for ${rows} rows of ${quantizer.parts} parts`, byte);
  if (!withNorms) return new QuantizedMatrix({ rows, codes, quantizer });
  const normCodes = await cursor.bytes(rows, `the lengths of the ${name}`);
  const normQuantizer = await readQuantizer(cursor, 1, `the lengths of the ${name}`);
  return new QuantizedMatrix({ rows, codes, quantizer, norms: { codes: normCodes, quantizer: normQuantizer } });
}

function checkSize(cursor: FileCursor, { name, rows, columns }: ExpectedMatrix): void {
  const byte = cursor.position;
  const gotRows = cursor.int64(`the rows of the ${name}`, 0);
  const gotColumns = cursor.int64(`the columns of the ${name}`, 0);
  if (gotRows !== rows || gotColumns !== columns)
    cursor.refuse(
      `the ${name} has ${gotRows} × ${gotColumns} numbers; by the settings and the dictionary it has ${rows} × ${columns}`,
      byte,
    );
}

async function readQuantizer(cursor: FileCursor, width: number, what: string): Promise<ProductQuantizer> {
  await cursor.need(16, what);
  const byte = cursor.position;
  const gotWidth = cursor.int32();
  const parts = cursor.int32();
  const partWidth = cursor.int32();
  const lastWidth = cursor.int32();
  if (gotWidth !== width) cursor.refuse(`${what} have width ${gotWidth}; expected ${width}`, byte);
  const sound =
    partWidth >= 1 && parts === Math.ceil(width / partWidth) && lastWidth === width - (parts - 1) * partWidth;
  if (!sound)
    cursor.refuse(`${what} say that ${width} numbers are ${parts} parts of ${partWidth}, the last ${lastWidth}`, byte);
  return new ProductQuantizer(width, partWidth, await cursor.floats(centroidsPerPart * width, what));
}
