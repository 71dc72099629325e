import {
  composites,
  cpu,
  ids as idsOf,
  primitives,
  quantize,
  quantizedEmbedding,
  quantizedLinear,
  random,
  sizeOf,
  tensor,
  type Backend,
  type Tensor,
} from "@tenon/tensor";
import { compositeCases, describeCase, expectClose, primitiveCases, runCase } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { dequantizeKernels, dequantizeTable } from "./dequantize.ts";
import { levelsProductKernels } from "./levels-product.ts";
import { multiplyKernels } from "./multiply.ts";
import { quantizedLinearTable } from "./quantized-linear.ts";

const kernels = [...dequantizeKernels, ...levelsProductKernels, ...multiplyKernels];
const exact = cpu({ precision: "f64" });

const drawn = (shape: readonly number[], seed: number): Float32Array => {
  const dice = random(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => dice.normal());
};

eachEngine(
  kernels,
  (engine) => ({ ...dequantizeTable(engine), ...quantizedLinearTable(engine) }),
  [],
  (tested) => {
    describe("the cases of", () => {
      const all = [
        ...primitiveCases.dequantize.map((each) => ["dequantize", primitives.dequantize, each] as const),
        ...compositeCases.quantizedLinear.map((each) => ["quantizedLinear", composites.quantizedLinear, each] as const),
        ...compositeCases.quantizedEmbedding.map(
          (each) => ["quantizedEmbedding", composites.quantizedEmbedding, each] as const,
        ),
      ];
      test.each(all.map(([name, op, each]) => [describeCase(name, each), op, each] as const))(
        "%s",
        async (_, op, each) => {
          await expectClose(runCase(op, each, tested.on)[0]!, each.expected[0]!, 1e-5);
        },
      );
    });

    // Rows through both ways, outputs that fill no tile, groups that fill no vector; a weight of more than one stretch.
    test.each([
      [1, 1, 16, 16],
      [1, 5, 64, 32],
      [3, 7, 96, 48],
      [2, 50, 768, 768],
      [4, 17, 40, 8],
      [9, 30, 36, 12],
      [1, 9, 40, 20],
      [30, 700, 512, 32],
    ])("%d rows to %d outputs of %d inputs in groups of %d", async (m, n, k, group) => {
      for (const bits of [8, 4] as const) {
        const { levels, scales } = quantize(drawn([n, k], 1), [n, k], { bits, group });
        const make = (on: Backend): Tensor =>
          quantizedLinear(
            tensor(drawn([m, k], 2), [m, k], on),
            on.upload(levels.data, levels.type),
            on.upload(scales.data, scales.type),
            tensor(drawn([n], 3), [n], on),
          );
        const [y, right] = [await make(tested.on).read(), await make(exact).read()];
        const size = Math.sqrt(k);
        const worst = Math.max(...right.map((value, i) => Math.abs(value - y[i]!)));
        expect(worst).toBeLessThan(4e-6 * size);
      }
    });

    test("rows of a table, and of one whose rows of 4 bits have an odd number of groups", async () => {
      for (const [d, group] of [
        [64, 32],
        [48, 16],
        [14, 7],
        [6, 3],
      ] as const) {
        for (const bits of [8, 4] as const) {
          const { levels, scales } = quantize(drawn([40, d], 4), [40, d], { bits, group });
          const make = (on: Backend): Tensor =>
            quantizedEmbedding(
              on.upload(levels.data, levels.type),
              on.upload(scales.data, scales.type),
              idsOf([39, 0, 7, 7], [2, 2], on, { limit: 40 }),
            );
          expect(await make(tested.on).read()).toEqual(await make(cpu()).read());
        }
      }
    });
  },
);
