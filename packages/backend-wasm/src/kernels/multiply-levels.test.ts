import {
  ids as idsOf,
  quantize,
  quantizedEmbedding,
  quantizedLinear,
  random,
  Scope,
  tensor,
  type Tensor,
} from "@tenon/tensor";
import { expect, test } from "vitest";

import { eachEngine, type Tested } from "../../test/each-engine.ts";
import { dequantizeKernels, dequantizeTable } from "./dequantize.ts";
import { dotForm } from "./dot-levels.ts";
import { dotProductKernels } from "./dot-product.ts";
import { levelsProductKernels } from "./levels-product.ts";
import { multiplyLevelsKernels } from "./multiply-levels.ts";
import { multiplyKernels } from "./multiply.ts";
import { packLevelsKernels } from "./pack-levels.ts";
import { quantizedLinearTable } from "./quantized-linear.ts";
import { roundRowsKernels } from "./round-rows.ts";

const kernels = [
  ...dequantizeKernels,
  ...levelsProductKernels,
  ...multiplyKernels,
  ...packLevelsKernels,
  ...roundRowsKernels,
  ...multiplyLevelsKernels,
  ...dotProductKernels,
];

const drawn = (n: number, seed: number): Float32Array => {
  const dice = random(seed);
  return Float32Array.from({ length: n }, () => dice.normal());
};

/** The levels and scales of a weight on a backend, to stay there; and the same as plain numbers. */
function weightOf({ on }: Tested, n: number, k: number, bits: 8 | 4, group: number) {
  const { levels, scales } = quantize(drawn(n * k, 1), [n, k], { bits, group });
  const plain = (i: number): number =>
    bits === 8 ? levels.data[i]! : ((levels.data[i >> 1]! >> (4 * (i & 1))) & 15) - 8;
  const placed = {
    levels: on.upload(levels.data, levels.type, "variable"),
    scales: on.upload(scales.data, scales.type),
  };
  return {
    ...placed,
    at: (row: number, i: number): number => plain(row * k + i) * scales.data[(row * k + i - (i % group)) / group]!,
  };
}

/** A row of activations rounded in groups to whole numbers from −most to most, as floats. */
function roundedRow(x: Float32Array, group: number, most: number): Float64Array {
  return Float64Array.from(x, (value, i) => {
    const first = i - (i % group);
    const largest = Math.max(...x.subarray(first, first + group).map(Math.abs));
    const factor = Math.fround(most / largest);
    const product = Math.fround(value * factor);
    const even = Math.round(product) - (Math.abs(product % 1) === 0.5 && Math.round(product) % 2 !== 0 ? 1 : 0);
    return (even * largest) / most;
  });
}

eachEngine(
  kernels,
  (engine) => ({ ...dequantizeTable(engine), ...quantizedLinearTable(engine, "8-bit") }),
  [],
  (tested) => {
    // One row and several, outputs that fill no panel, one group and many, more rows than fit a unit.
    test.each([
      [1, 8, 16, 16],
      [1, 5, 64, 32],
      [1, 83, 96, 48],
      [2, 50, 768, 768],
      [6, 32, 64, 16],
      [13, 17, 128, 128],
      [250, 24, 32, 32],
      [7, 300, 256, 64],
    ])("%d rows to %d outputs of %d inputs in groups of %d are what rounding says", async (m, n, k, group) => {
      const { most } = dotForm(tested.engine);
      for (const bits of [8, 4] as const) {
        using scope = new Scope();
        const weight = weightOf(tested, n, k, bits, group);
        const [x, bias] = [drawn(m * k, 2), drawn(n, 3)];
        const y = scope.run(() =>
          quantizedLinear(tensor(x, [m, k], tested.on), weight.levels, weight.scales, tensor(bias, [n], tested.on)),
        );
        const got = await y.read();
        let worst = 0;
        for (let row = 0; row < m; row++) {
          const a = roundedRow(x.subarray(row * k, (row + 1) * k), group, most);
          for (let j = 0; j < n; j++) {
            let total = bias[j]!;
            for (let i = 0; i < k; i++) total += a[i]! * weight.at(j, i);
            worst = Math.max(worst, Math.abs(total - got[row * n + j]!));
          }
        }
        expect(worst).toBeLessThan(1e-6 * Math.sqrt(k));
      }
    });

    test("rounding moves results by as much as the README says", async () => {
      const { on, engine } = tested;
      for (const [group, relaxed, plain] of [
        [32, 0.01, 0.0007],
        [768, 0.015, 0.001],
      ] as const) {
        const { levels, scales, at } = weightOf(tested, 64, 768, 8, group);
        const x = drawn(8 * 768, 9);
        const y = await quantizedLinear(tensor(x, [8, 768], on), levels, scales).read();
        let [moved, size] = [0, 0];
        for (let row = 0; row < 8; row++)
          for (let j = 0; j < 64; j++) {
            let total = 0;
            for (let i = 0; i < 768; i++) total += x[row * 768 + i]! * at(j, i);
            moved += (y[row * 64 + j]! - total) ** 2;
            size += total ** 2;
          }
        const expected = engine.relaxed ? relaxed : plain;
        expect(Math.sqrt(moved / size) / expected).toBeGreaterThan(0.7);
        expect(Math.sqrt(moved / size) / expected).toBeLessThan(1.3);
      }
    });

    test.each([8, 4] as const)("levels of %d bits come back from their panels as they were", async (bits) => {
      const { on } = tested;
      const { levels } = quantize(drawn(21 * 96, 5), [21, 96], { bits, group: 32 });
      const { levels: placed, scales } = weightOf(tested, 21, 96, bits, 32);
      const again = on.upload(levels.data, levels.type, "variable");
      quantizedLinear(tensor(drawn(96, 2), [1, 96], on), again, scales);
      expect(await again.read()).toEqual(levels.data);
      // A table that is an output's weight, too: rows are read out of the panels, and it stays packed.
      const ids = idsOf([20, 0, 9], [3], on, { limit: 21 });
      const product = (): Tensor => quantizedLinear(tensor(drawn(96, 2), [1, 96], on), placed, scales);
      const rows = (): Tensor => quantizedEmbedding(placed, scales, ids);
      const [before, first] = [await rows().read(), await product().read()];
      expect(await rows().read()).toEqual(before);
      expect(await product().read()).toEqual(first);
    });

    test("NaN and infinities reach their own row, and no other; zeros give the bias", async () => {
      const { on } = tested;
      const { levels, scales } = weightOf(tested, 9, 32, 8, 16);
      const x = drawn(4 * 32, 6);
      x[3] = NaN;
      x[32 + 20] = Infinity;
      x.fill(0, 64, 96);
      const y = await quantizedLinear(tensor(x, [4, 32], on), levels, scales, tensor(drawn(9, 7), [9], on)).read();
      expect(y.subarray(0, 18).every((value) => !Number.isFinite(value))).toBe(true);
      expect(y.subarray(18, 27)).toEqual(drawn(9, 7));
      expect(y.subarray(27).every((value) => Number.isFinite(value))).toBe(true);
    });
  },
);
