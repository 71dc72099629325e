import { Linear } from "@tenon/nn";
import { random, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { checkGolden, type PartGolden } from "./part-golden.ts";

const array = (shape: number[], data: number[]) => ({ dtype: "f32", shape, data }) as const;
interface Config {
  readonly input: number;
  readonly output: number;
}
// y = [1·1 + 2·3 + 0.5, 1·2 + 2·4 + 0.25], and its gradients for the upstream [1, 2], by hand.
const golden: PartGolden<Config> = {
  name: "two by two",
  config: { input: 2, output: 2 },
  weights: { weight: array([2, 2], [1, 3, 2, 4]), bias: array([2], [0.5, 0.25]) },
  inputs: { x: array([1, 2], [1, 2]) },
  expected: { output: array([1, 2], [7.5, 10.25]) },
  upstream: { output: array([1, 2], [1, 2]) },
  gradients: {
    weights: { weight: array([2, 2], [1, 2, 2, 4]), bias: array([2], [1, 2]) },
    inputs: { x: array([1, 2], [5, 11]) },
  },
};
const linear = {
  create: (config: Config) => new Linear({ ...config, random: random(1) }),
  forward: (part: Linear, { x }: Readonly<Record<string, Tensor>>) => part.forward(x!),
};

test("a part that agrees passes", async () => {
  await checkGolden(golden, linear);
  const { upstream: _, gradients: __, ...forward } = golden;
  await checkGolden(forward, linear);
});

test.each([
  ["output: element 1", { ...golden, expected: { output: array([1, 2], [7.5, 10.26]) } }],
  ["output is [1, 2], the file has [2]", { ...golden, expected: { output: array([2], [7.5, 10.25]) } }],
  [
    "the gradient of weight: element 3",
    {
      ...golden,
      gradients: {
        ...golden.gradients!,
        weights: { ...golden.gradients!.weights, weight: array([2, 2], [1, 2, 2, 5]) },
      },
    },
  ],
  [
    "the gradient of input x: element 0",
    { ...golden, gradients: { ...golden.gradients!, inputs: { x: array([1, 2], [4, 11]) } } },
  ],
  [
    "the part has the parameters weight, bias; the file has weight",
    { ...golden, weights: { weight: golden.weights["weight"]! } },
  ],
  ["bias is [2]; the file has [3]", { ...golden, weights: { ...golden.weights, bias: array([3], [1, 2, 3]) } }],
] as const)("what differs is named: %s", async (message, wrong) => {
  await expect(checkGolden(wrong as PartGolden<Config>, linear)).rejects.toThrow(message);
});
