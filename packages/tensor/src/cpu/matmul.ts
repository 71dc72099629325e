import type { KernelTable } from "../kernel.ts";
import { sizeOf } from "../shape.ts";
import { shapeAt } from "./rows.ts";
import type { Data } from "./storage.ts";

/**
 * y [m, n] = a bᵀ of a [m, k] and b [n, k], written from element `at` on: every sum runs along rows, so memory is read in order. Blocks of 4 × 2 results keep
 * eight running sums, all that fit in registers, and use each loaded number more than once.
 */
export function rowProducts(a: Data, b: Data, y: Data, at: number, m: number, n: number, k: number): void {
  let i = 0;
  for (; i + 4 <= m; i += 4) {
    const a0 = i * k;
    const a1 = a0 + k;
    const a2 = a1 + k;
    const a3 = a2 + k;
    let j = 0;
    for (; j + 2 <= n; j += 2) {
      const b0 = j * k;
      const b1 = b0 + k;
      let s00 = 0;
      let s01 = 0;
      let s10 = 0;
      let s11 = 0;
      let s20 = 0;
      let s21 = 0;
      let s30 = 0;
      let s31 = 0;
      for (let p = 0; p < k; p++) {
        const x = b[b0 + p]!;
        const z = b[b1 + p]!;
        const r0 = a[a0 + p]!;
        s00 += r0 * x;
        s01 += r0 * z;
        const r1 = a[a1 + p]!;
        s10 += r1 * x;
        s11 += r1 * z;
        const r2 = a[a2 + p]!;
        s20 += r2 * x;
        s21 += r2 * z;
        const r3 = a[a3 + p]!;
        s30 += r3 * x;
        s31 += r3 * z;
      }
      const o = at + i * n + j;
      y[o] = s00;
      y[o + 1] = s01;
      y[o + n] = s10;
      y[o + n + 1] = s11;
      y[o + 2 * n] = s20;
      y[o + 2 * n + 1] = s21;
      y[o + 3 * n] = s30;
      y[o + 3 * n + 1] = s31;
    }
    for (; j < n; j++) for (let r = 0; r < 4; r++) y[at + (i + r) * n + j] = dot(a, (i + r) * k, b, j * k, k);
  }
  for (; i < m; i++) for (let j = 0; j < n; j++) y[at + i * n + j] = dot(a, i * k, b, j * k, k);
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
