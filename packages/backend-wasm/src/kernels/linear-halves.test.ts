import {
  cast,
  cpu,
  linear,
  linearActivation,
  random,
  Scope,
  sizeOf,
  tensor,
  type Backend,
  type DType,
  type Tensor,
} from "@tenon/tensor";
import { expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { castKernels, castTable } from "./cast.ts";
import { copyKernels } from "./copy.ts";
import { linearHalvesKernels } from "./linear-halves.ts";
import { linearHalves, linearTable } from "./linear.ts";
import { multiplyKernels } from "./multiply.ts";
import { panelKernels } from "./panels.ts";
import { vectorProductKernels } from "./vector-product.ts";

const exact = cpu();
const drawn = (shape: readonly number[], seed: number): Float32Array => {
  const dice = random(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => dice.normal());
};
const sizes = [
  [1, 1, 8],
  [1, 13, 64],
  [3, 7, 200],
  [1, 5, 13],
  [4, 9, 16],
  [30, 600, 512],
  [2, 3, 0],
] as const;

eachEngine(
  [
    ...castKernels,
    ...copyKernels,
    ...linearHalvesKernels,
    ...multiplyKernels,
    ...panelKernels,
    ...vectorProductKernels,
  ],
  (engine) => ({ ...castTable(engine), ...linearTable(engine) }),
  linearHalves,
  (tested) => {
    const make = (on: Backend, [m, n, k]: readonly number[], x: DType, weight: DType, bias: DType): Tensor =>
      linear(
        tensor(drawn([m!, k!], 1), [m!, k!], on, x),
        tensor(drawn([n!, k!], 2), [n!, k!], on, weight),
        tensor(drawn([n!], 3), [n!], on, bias),
      );

    test.each([
      ["f32", "f16", "f16"],
      ["f32", "bf16", "bf16"],
      ["f32", "bf16", "f32"],
    ] as const)("%s times %s with a bias of %s is computed in f32", async (x, weight, bias) => {
      for (const size of sizes) {
        const [y, right] = [make(tested.on, size, x, weight, bias), make(exact, size, x, weight, bias)];
        expect(y.dtype).toBe("f32");
        const [a, e] = [await y.read(), await right.read()];
        for (const [i, value] of e.entries()) expect(Math.abs(a[i]! - value)).toBeLessThan(4e-7 * size[2] + 1e-6);
      }
    });

    test.each(["f16", "bf16"] as const)("%s times %s is rounded once", async (dtype) => {
      const unit = dtype === "f16" ? 2 ** -11 : 2 ** -8;
      for (const size of sizes) {
        const [y, right] = [make(tested.on, size, dtype, dtype, dtype), make(exact, size, dtype, dtype, dtype)];
        expect(y.dtype).toBe(dtype);
        const [a, e] = [await y.read(), await right.read()];
        // Where sums in two orders lie on both sides of a tie they are rounded apart, by one unit.
        for (const [i, value] of e.entries())
          expect(Math.abs(a[i]! - value)).toBeLessThanOrEqual(2 * unit * Math.abs(value) + 1e-4);
      }
    });

    test("an activation follows, and the weight is never there as floats", async () => {
      const { on } = tested;
      using scope = new Scope();
      const [x, weight] = scope.run(() => [
        tensor(drawn([2, 64], 1), [2, 64], on),
        tensor(drawn([9, 64], 2), [9, 64], on, "f16"),
      ]);
      const before = on.memory().bytes;
      const y = scope.run(() => linearActivation(x, weight, undefined, "relu"));
      expect(on.memory().bytes - before).toBe(4 * 2 * 9);
      const right = await linear(
        tensor(drawn([2, 64], 1), [2, 64], exact),
        cast(tensor(drawn([9, 64], 2), [9, 64], exact, "f16"), "f32"),
      ).read();
      (await y.read()).forEach((value, i) => expect(value).toBeCloseTo(Math.max(0, right[i]!), 4));
    });
  },
);
