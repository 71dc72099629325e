import { readFileSync } from "node:fs";

import { Parameter, Part } from "@tenon/nn";
import { type Backend, cpu, scoped, type Tensor, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { AdamW } from "./adamw.ts";
import { clipByGlobalNorm } from "./clip.ts";

interface Golden {
  readonly options: {
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly decay: number;
  };
  readonly limit: number;
  readonly steps: readonly {
    readonly rate: number;
    readonly gradients: Readonly<Record<string, readonly number[]>>;
    readonly norm: number;
    readonly clipped: Readonly<Record<string, readonly number[]>>;
    readonly parameters: Readonly<Record<string, readonly number[]>>;
  }[];
}
const golden = JSON.parse(readFileSync(new URL("../../goldens/adamw.json", import.meta.url), "utf8")) as Golden;

/** The model of goldens/make.py. */
class Three extends Part {
  readonly weight: Parameter = new Parameter([2, 3], () => Float32Array.of(0.5, -1.25, 2, 0.125, -0.75, 3.5));
  readonly bias: Parameter = new Parameter([2], () => Float32Array.of(0.25, -0.5));
  readonly late: Parameter = new Parameter([2], () => Float32Array.of(1, 2));
}
type Values = Readonly<Record<string, readonly number[]>>;

const upload = (model: Part, values: Values, on: Backend): Map<Parameter, Tensor> => {
  const parameters = model.parameters();
  return new Map(
    Object.entries(values).map(([name, data]) => {
      const parameter = parameters.get(name)!;
      return [parameter, tensor(Float64Array.from(data), parameter.type.shape, on)];
    }),
  );
};
const expectClose = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void => {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(value))),
  );
};

test.each([
  ["f64", 1e-14],
  ["f32", 3e-7],
] as const)("five steps of AdamW equal PyTorch's, in %s", async (precision, tolerance) => {
  const on = cpu({ precision });
  const model = await new Three().to(on);
  const optimiser = new AdamW(model, golden.options);
  for (const { rate, clipped, parameters } of golden.steps) {
    scoped(() => optimiser.step(upload(model, clipped, on), rate));
    for (const [name, expected] of Object.entries(parameters)) {
      expectClose(await model.parameters().get(name)!.host(), expected, tolerance);
    }
  }
});

test("norms and clipped gradients equal PyTorch's, which adds 1e-6 to the norm that it divides by", async () => {
  const on = cpu({ precision: "f64" });
  const model = new Three();
  for (const { gradients, norm, clipped } of golden.steps) {
    const ours = clipByGlobalNorm(upload(model, gradients, on), golden.limit);
    expectClose(await ours.norm.read(), [norm], 1e-14);
    for (const [name, expected] of Object.entries(clipped)) {
      expectClose(await ours.gradients.get(model.parameters().get(name)!)!.read(), expected, 1.1e-6);
    }
  }
});
