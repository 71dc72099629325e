import type { KernelTable } from "../kernel.ts";
import { sizeOf } from "../shape.ts";
import { shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

/** Rows of numbers: the first begins at element `at`, each other `step` elements after the one before. */
export interface Rows {
  readonly data: Data;
  readonly at: number;
  readonly step: number;
}

/**
 * y [m, n] = a bᵀ of a [m, k] and b [n, k]: every sum runs along rows, so memory is read in order. Blocks of 4 × 2 results keep
 * eight running sums, all that fit in registers, and use each loaded number more than once.
 */
export function tileProducts(a: Rows, b: Rows, y: Rows, m: number, n: number, k: number): void {
  const { data: left, step: down } = a;
  const { data: right, step: across } = b;
  const { data: out, step: line } = y;
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const a0 = a.at + i * down;
    const a1 = a0 + down;
    const a2 = a1 + down;
    const a3 = a2 + down;
    let j = 0;
    for (; j + 2 <= n; j += 2) {
      const b0 = b.at + j * across;
      const b1 = b0 + across;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let p = 0; p < k; p++) {
        const x = right[b0 + p]!;
        const z = right[b1 + p]!;
        const r0 = left[a0 + p]!;
        s00 += r0 * x;
        s01 += r0 * z;
        const r1 = left[a1 + p]!;
        s10 += r1 * x;
        s11 += r1 * z;
        const r2 = left[a2 + p]!;
        s20 += r2 * x;
        s21 += r2 * z;
        const r3 = left[a3 + p]!;
        s30 += r3 * x;
        s31 += r3 * z;
      }
      const o = y.at + i * line + j;
      out[o] = s00;
      out[o + 1] = s01;
      out[o + line] = s10;
      out[o + line + 1] = s11;
      out[o + 2 * line] = s20;
      out[o + 2 * line + 1] = s21;
      out[o + 3 * line] = s30;
      out[o + 3 * line + 1] = s31;
    }
    for (; j < n; j++)
      for (let r = i; r < i + 4; r++)
        out[y.at + r * line + j] = dot(left, a.at + r * down, right, b.at + j * across, k);
  }
  for (; i < m; i++)
    for (let j = 0; j < n; j++) out[y.at + i * line + j] = dot(left, a.at + i * down, right, b.at + j * across, k);
}

/** {@link tileProducts} of whole matrices, written from element `at` on. */
export function rowProducts(a: Data, b: Data, y: Data, at: number, m: number, n: number, k: number): void {
  tileProducts({ data: a, at: 0, step: k }, { data: b, at: 0, step: k }, { data: y, at, step: n }, m, n, k);
}

function dot(a: Data, ao: number, b: Data, bo: number, k: number): number {
  let even = 0;
  let odd = 0;
  let p = 0;
  for (; p + 2 <= k; p += 2) {
    even += a[ao + p]! * b[bo + p]!;
    odd += a[ao + p + 1]! * b[bo + p + 1]!;
  }
  return p < k ? even + odd + a[ao + p]! * b[bo + p]! : even + odd;
}

/** x [rows, columns] as [columns, rows]. */
function transposed(x: Data, rows: number, columns: number): Data {
  const y = x.slice();
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) y[j * rows + i] = x[i * columns + j]!;
  return y;
}

/** The matrix product, over each pair of matrices in turn. */
export const matmulKernels: Pick<KernelTable<Data>, "matmul"> = {
  matmul: ([a, b], { transposeA, transposeB }, call) => {
    const { shape } = call.output;
    const y = call.allocate(call.output);
    const m = shape.at(-2)!;
    const n = shape.at(-1)!;
    const k = shapeAt(call, 0).at(transposeA ? -2 : -1)!;
    const batch = sizeOf(shape.slice(0, -2));
    for (let z = 0; z < batch; z++) {
      const left = a.subarray(z * m * k, (z + 1) * m * k);
      const right = b.subarray(z * k * n, (z + 1) * k * n);
      rowProducts(
        transposeA ? transposed(left, k, m) : left,
        transposeB ? right : transposed(right, k, n),
        y,
        z * m * n,
        m,
        n,
        k,
      );
    }
    return y;
  },
};
