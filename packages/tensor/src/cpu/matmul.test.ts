import { expect, test } from "vitest";

import { tensor } from "../create.ts";
import { linear } from "../ops/linear.ts";
import { matmul } from "../ops/matmul.ts";
import { random } from "../random.ts";
import { Scope } from "../scope.ts";
import { expectNumbers } from "../testing/op-case.ts";
import { floats } from "../testing/plain.ts";
import { cpu } from "./cpu.ts";

const on = cpu({ precision: "f64" });

/** a [m, k] × b [k, n], both read through their transpose flags. */
function plainProduct(
  a: readonly number[],
  b: readonly number[],
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
): number[] {
  const y = new Array<number>(m * n).fill(0);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      for (let p = 0; p < k; p++)
        y[i * n + j]! += a[transposeA ? p * m + i : i * k + p]! * b[transposeB ? j * k + p : p * n + j]!;
    }
  }
  return y;
}

const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const flags = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));
// One pool of numbers, from which each product takes a run: nine sizes thrice, four times, are 2,916 products.
const pool = floats([200], random(4)).data;

test.each(flags)("every size from 1 to 9, $transposeA, $transposeB", async ({ transposeA, transposeB }) => {
  for (const m of sizes) {
    for (const k of sizes) {
      for (const n of sizes) {
        using scope = new Scope();
        const [a, b] = [pool.slice(0, m * k), pool.slice(100, 100 + k * n)];
        const [left, right] = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
        const y = scope.run(() =>
          matmul(tensor(Float64Array.from(a), left, on), tensor(Float64Array.from(b), right, on), {
            transposeA,
            transposeB,
          }),
        );
        expect(y.shape).toEqual([m, n]);
        expectNumbers(await y.read(), plainProduct(a, b, m, k, n, transposeA, transposeB), 1e-13, `${m} × ${k} × ${n}`);
      }
    }
  }
});

test.each(flags)(
  "a batch is one product after another, $transposeA, $transposeB",
  async ({ transposeA, transposeB }) => {
    for (const [m, k, n] of [
      [1, 1, 1],
      [4, 3, 2],
      [5, 7, 6],
      [9, 8, 9],
    ] as const) {
      const a = floats([6, m, k], random(m)).data;
      const b = floats([6, k, n], random(n + 20)).data;
      const [left, right] = [transposeA ? [2, 3, k, m] : [2, 3, m, k], transposeB ? [2, 3, n, k] : [2, 3, k, n]];
      const y = matmul(tensor(Float64Array.from(a), left, on), tensor(Float64Array.from(b), right, on), {
        transposeA,
        transposeB,
      });
      const expected = [0, 1, 2, 3, 4, 5].flatMap((z) =>
        plainProduct(
          a.slice(z * m * k, (z + 1) * m * k),
          b.slice(z * k * n, (z + 1) * k * n),
          m,
          k,
          n,
          transposeA,
          transposeB,
        ),
      );
      expectNumbers(await y.read(), expected, 1e-13);
    }
  },
);

test("single precision keeps five digits over a long inner size", async () => {
  const [m, k, n] = [3, 5000, 2];
  const a = floats([m, k], random(1)).data;
  const b = floats([n, k], random(2)).data;
  const single = cpu();
  const expected = plainProduct(a, b, m, k, n, false, true);
  expectNumbers(
    await matmul(tensor(a, [m, k], single), tensor(b, [n, k], single), { transposeB: true }).read(),
    expected,
    1e-5,
  );
  expectNumbers(await linear(tensor(a, [m, k], single), tensor(b, [n, k], single)).read(), expected, 1e-5);
});

test("NaN and infinities spoil the rows and columns that they meet, even times 0", async () => {
  const y = matmul(tensor([NaN, 0, 0, 1, 0, 1], [3, 2], on), tensor([0, 1, Infinity, 1], [2, 2], on));
  expect(await y.read()).toEqual(Float64Array.of(NaN, NaN, Infinity, 1, Infinity, 1));
});

test("what does not fit is refused", () => {
  const x = tensor(new Float32Array(6), [2, 3], on);
  expect(() => matmul(x, x)).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: matmul: [2, 3] × [2, 3]: the inner sizes 3 and 2 differ]`,
  );
  expect(() => matmul(x, x, { transposeA: true, transposeB: true })).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: matmul: [2, 3]ᵀ × [2, 3]ᵀ: the inner sizes 2 and 3 differ]`,
  );
  expect(() => matmul(x, tensor(new Float32Array(12), [2, 3, 2], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: matmul: [2, 3] × [2, 3, 2]: both need the same number of axes, at least 2; reshape() or expand() one]`,
  );
  expect(() => matmul(tensor([1], [1], on), tensor([1], [1], on))).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: matmul: [1] × [1]: both need the same number of axes, at least 2; reshape() or expand() one]`,
  );
  expect(() =>
    matmul(tensor(new Float32Array(6), [2, 1, 3], on), tensor(new Float32Array(9), [3, 3, 1], on)),
  ).toThrowErrorMatchingInlineSnapshot(
    `[ShapeError: matmul: [2, 1, 3] × [3, 3, 1]: the batch sizes differ at axis 0; expand() one]`,
  );
  expect(() => matmul(x, tensor([1, 2, 3], [3, 1], on, "i32"))).toThrowErrorMatchingInlineSnapshot(
    `[DTypeError: matmul: the second input must be f32, got i32; cast() it]`,
  );
});
