import {
  cpu,
  linearActivation,
  matmul,
  linear,
  random,
  sizeOf,
  tensor,
  type Backend,
  type Tensor,
} from "@tenon/tensor";
import { describe, expect, test } from "vitest";
import { hasFarMemory, hasRelaxedSimd } from "@tenon/wasm-assembler";

import { Engine } from "../engine.ts";
import { startBeyond } from "../../test/beyond.ts";
import { partialOn } from "../../test/partial.ts";
import { linearTable } from "./linear.ts";
import { matmulTable } from "./matmul.ts";
import { multiplyKernels } from "./multiply.ts";
import { panelKernels } from "./panels.ts";
import { vectorProductKernels } from "./vector-product.ts";

const exact = cpu({ precision: "f64" });
const drawn = (shape: readonly number[], seed: number): Float32Array => {
  const dice = random(seed);
  return Float32Array.from({ length: sizeOf(shape) }, () => dice.normal());
};
/** Sizes at which tiles, panels, blocks of k and units end. */
const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 17, 23, 31];

// `wide` is right, if slow, also where no pair of vectors shares a register.
const targets = [
  { threads: 1, relaxed: false },
  { threads: 3, relaxed: false },
  ...(hasRelaxedSimd()
    ? [
        { threads: 1, relaxed: true },
        { threads: 3, relaxed: true, wide: true },
      ]
    : []),
  ...(hasFarMemory() ? [{ threads: 3, relaxed: hasRelaxedSimd(), beyond: true }] : []),
];
describe.each(targets)("%o", ({ beyond, ...target }) => {
  const options = { ...target, kernels: [...multiplyKernels, ...panelKernels, ...vectorProductKernels] };
  const started = beyond === true ? startBeyond(options) : Engine.start(options);
  const check = async (make: (on: Backend) => Tensor, k: number): Promise<void> => {
    const on = partialOn(await started, (engine) => ({ ...matmulTable(engine), ...linearTable(engine) }));
    const [y, right] = [await make(on).read(), await make(exact).read()];
    expect(y.length).toBe(right.length);
    let worst = 0;
    for (const [i, value] of right.entries()) worst = Math.max(worst, Math.abs(value - y[i]!));
    expect(worst).toBeLessThan(2e-7 * k + 5e-6);
  };

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("products of every small size; a turned: %s, b turned: %s", async (transposeA, transposeB) => {
    const dice = random(8);
    for (const m of sizes) {
      for (const n of [1, 3, 8, 9, 16, 20]) {
        const k = 1 + dice.integer(40);
        await check(
          (on) =>
            matmul(
              tensor(drawn([m, k], 1), transposeA ? [k, m] : [m, k], on),
              tensor(drawn([k, n], 2), transposeB ? [n, k] : [k, n], on),
              { transposeA, transposeB },
            ),
          k,
        );
      }
    }
  });

  test("batches of one axis and of two", async () => {
    await check(
      (on) => matmul(tensor(drawn([5, 7, 33], 1), [5, 7, 33], on), tensor(drawn([5, 33, 9], 2), [5, 33, 9], on)),
      33,
    );
    await check(
      (on) =>
        matmul(tensor(drawn([3, 2, 7, 4], 1), [3, 2, 7, 4], on), tensor(drawn([3, 2, 4, 9], 2), [3, 2, 4, 9], on)),
      4,
    );
  });

  test.each([
    [250, 33, 64],
    [300, 150, 1600],
    [7, 40, 2305],
  ])("more than a unit, a group of panels, a block of k: %d × %d × %d", async (m, n, k) => {
    for (const transposeA of [false, true])
      await check(
        (on) =>
          matmul(tensor(drawn([m, k], 1), transposeA ? [k, m] : [m, k], on), tensor(drawn([n, k], 2), [n, k], on), {
            transposeA,
            transposeB: true,
          }),
        k,
      );
  });

  test("a weight that stays gives the same bits packed, and from its rows", async () => {
    const on = partialOn(await started, linearTable);
    for (const [m, n, k] of [
      [1, 13, 70],
      [1, 40, 900],
      [9, 21, 800],
      [12, 8, 4],
    ] as const) {
      const x = tensor(drawn([m, k], 1), [m, k], on);
      const weight = (use?: "variable"): Tensor => on.upload(drawn([n, k], 2), { dtype: "f32", shape: [n, k] }, use);
      const [kept, passing] = [weight("variable"), weight()];
      const packed = await linear(x, kept).read();
      if (m > 1) expect(await linear(x, passing).read()).toEqual(packed);
      expect(await kept.read()).toEqual(drawn([n, k], 2)); // which does not unpack it
      expect(await linear(x, kept).read()).toEqual(packed);
    }
  });

  test("one row times a weight that stays: panels in pairs and one left over, units, blocks of k, odd k", async () => {
    for (const [n, k] of [
      [8, 1],
      [9, 3],
      [23, 768],
      [61, 1537],
      [300, 999],
      [997, 1000],
    ] as const)
      await check((on) => {
        const weight = on.upload(drawn([n, k], 2), { dtype: "f32", shape: [n, k] }, "variable");
        return linear(tensor(drawn([1, k], 1), [1, k], on), weight, tensor(drawn([n], 3), [n], on));
      }, k);
  });

  test.each(["relu", "gelu", "silu", "tanh"] as const)("%s with a bias in the same pass", async (activation) => {
    for (const [m, n] of [
      [1, 13],
      [1, 70],
      [11, 13],
      [250, 17],
    ] as const)
      await check(
        (on) =>
          linearActivation(
            tensor(drawn([m, 20], 1), [m, 20], on),
            tensor(drawn([n, 20], 2), [n, 20], on),
            tensor(drawn([n], 3), [n], on),
            activation,
          ),
        20,
      );
  });
});
