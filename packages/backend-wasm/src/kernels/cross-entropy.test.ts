import { composites, cpu, crossEntropy, random, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { call, compositeCases, describeCase, expectClose, expectNumbers, runCase } from "@tenon/tensor/testing";
import { describe, expect, test } from "vitest";

import { eachEngine } from "../../test/each-engine.ts";
import { crossEntropyKernels, crossEntropyTable } from "./cross-entropy.ts";

const { crossEntropy: loss, crossEntropyGradient: gradient } = composites;
const ops = { crossEntropy: loss, crossEntropyGradient: gradient };
const reference = cpu({ precision: "f64" });

/** Inputs that are the same on every backend. */
function inputs(n: number, v: number, on: Backend, scale = 3): { logits: Tensor; targets: Tensor; upstream: Tensor } {
  const dice = random(n * 1000 + v);
  const numbers = Float32Array.from({ length: n * v }, () => dice.normal() * scale + 20);
  const ids = Int32Array.from({ length: n }, () => (dice.integer(5) === 0 ? -100 : dice.integer(v)));
  return {
    logits: tensor(numbers, [n, v], on),
    targets: tensor(ids, [n], on, "i32"),
    upstream: tensor([0.75], [], on),
  };
}

eachEngine(crossEntropyKernels, crossEntropyTable, [], (tested) => {
  describe.each(["crossEntropy", "crossEntropyGradient"] as const)("the cases of %s", (name) => {
    test.each(compositeCases[name].map((each) => [describeCase(name, each), each] as const))("%s", async (_, each) => {
      await expectClose(runCase(ops[name], each, tested.on)[0]!, each.expected[0]!, 1e-6);
    });
  });

  async function check(n: number, v: number, labelSmoothing: number, zLoss = 0): Promise<void> {
    const attrs = { ignoreIndex: -100, labelSmoothing, zLoss };
    const results = [tested.on, reference].map((on) => {
      const { logits, targets, upstream } = inputs(n, v, on);
      return [call(loss, [logits, targets], attrs, on)[0]!, call(gradient, [logits, targets, upstream], attrs, on)[0]!];
    });
    const [[value, slope], [rightValue, rightSlope]] = results as [Tensor[], Tensor[]];
    expectNumbers(await value!.read(), await rightValue!.read(), 2e-6, `the loss of [${n}, ${v}]`);
    expectNumbers(await slope!.read(), await rightSlope!.read(), 1e-6, `the gradient of [${n}, ${v}]`, 1 / n);
  }
  test.each([0, 0.1])("rows of any length, with smoothing %d", async (labelSmoothing) => {
    for (const v of [1, 3, 4, 5, 15, 16, 17, 64, 100, 1000]) await check(5, v, labelSmoothing);
    for (const v of [1, 7, 64]) await check(5, v, labelSmoothing, 0.01);
  });
  test("many rows and long rows, divided among threads", async () => {
    await check(3000, 11, 0.1);
    await check(40, 5000, 0);
  });

  test("a class at −∞ that nobody wants costs nothing; a row that does not count may hold anything", async () => {
    const { on } = tested;
    const logits = tensor([0, 0, -Infinity, NaN, Infinity, 1], [2, 3], on);
    const targets = tensor([0, -100], [2], on, "i32");
    expect((await crossEntropy(logits, targets).read())[0]).toBeCloseTo(Math.log(2), 6);
    const [slope] = call(
      gradient,
      [logits, targets, tensor([1], [], on)],
      { ignoreIndex: -100, labelSmoothing: 0, zLoss: 0 },
      on,
    );
    expectNumbers(await slope!.read(), [-0.5, 0.5, 0, 0, 0, 0], 1e-6);
    const [smooth] = await crossEntropy(logits, targets, { labelSmoothing: 0.1 }).read();
    expect(smooth).toBe(Infinity);
  });

  test("a target that is none gives NaN, and writes nowhere else", async () => {
    const { on } = tested;
    const [logits, targets] = [tensor([1, 2], [1, 2], on), tensor([1_000_000_000], [1], on, "i32")];
    expect(await crossEntropy(logits, targets).read()).toEqual(Float32Array.of(NaN));
    const attrs = { ignoreIndex: -100, labelSmoothing: 0, zLoss: 0 };
    const [slope] = call(gradient, [logits, targets, tensor([1], [], on)], attrs, on);
    expectNumbers(await slope!.read(), [1 / (1 + Math.E), Math.E / (1 + Math.E)], 1e-6);
  });

  test("an index to ignore that is no whole number of 32 bits is left to the composition, which refuses it", () => {
    const types = [
      { dtype: "f32", shape: [2, 3] },
      { dtype: "i32", shape: [2] },
    ] as const;
    const supported = (ignoreIndex: number): boolean =>
      tested.on.supports(loss, { ignoreIndex, labelSmoothing: 0, zLoss: 0 }, types);
    expect([-100, 2 ** 31, 0.5].map(supported)).toEqual([true, false, false]);
  });
});
