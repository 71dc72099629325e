import {
  cpu,
  ids,
  isTenonError,
  mul,
  random,
  sum,
  tanh,
  tensor,
  type Backend,
  type Shape,
  type Tensor,
} from "@tenon/tensor";
import { expect, test } from "vitest";

import { checkGradients } from "./check-gradients.ts";
import { Embedding } from "./embedding.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { Parameter } from "./parameter.ts";
import { RMSNorm } from "./rms-norm.ts";
import { normal, type Initialiser } from "./initial/initial.ts";

const double = (): Backend => cpu({ precision: "f64" });
const ramp = (shape: Shape, on: Backend): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float64Array.from({ length: size }, (_, i) => Math.sin(1 + i)),
    shape,
    on,
  );
};
/** A layer and its input, so that the gradient of the input is compared too. */
class WithInput extends Module<[], Tensor> {
  readonly x: Parameter;
  readonly layer: Module<[x: Tensor], Tensor>;
  constructor(layer: Module<[x: Tensor], Tensor>, shape: Shape) {
    super();
    this.layer = layer;
    this.x = new Parameter(shape, normal(random(9), 1));
  }
  protected override compute(): Tensor {
    return sum(mul(tanh(this.layer.forward(this.x.value)), ramp([2, 4], this.x.value.backend)));
  }
}

test.each([
  ["Linear", new Linear({ input: 3, output: 4, random: random(1) }), [2, 3]],
  ["Linear without bias", new Linear({ input: 3, output: 4, bias: false, random: random(1) }), [2, 3]],
  ["LayerNorm", new LayerNorm(4), [2, 4]],
  ["LayerNorm without bias", new LayerNorm(4, { bias: false }), [2, 4]],
  ["RMSNorm", new RMSNorm(4, { epsilon: 1e-3 }), [2, 4]],
])("%s: each gradient agrees with central differences", async (_, layer, shape) => {
  const model = await new WithInput(layer, shape).to(double());
  await checkGradients(model, () => model.forward());
});

test("Embedding: gradients add up where an id repeats", async () => {
  const on = double();
  const embedding = await new Embedding({ count: 3, width: 4, random: random(1) }).to(on);
  const chosen = ids([2, 0, 2, 1], [2, 2], on, { limit: 3 });
  const weight = ramp([2, 2, 4], on);
  await checkGradients(embedding, () => sum(mul(tanh(embedding.forward(chosen)), weight)), { samples: 12 });
});

test("Linear is x Wᵀ + bias", async () => {
  const on = cpu();
  const layer = await new Linear({ input: 2, output: 3, random: random(1) }).to(on);
  layer.weight.assign(Float32Array.of(1, 2, 3, 4, 5, 6));
  layer.bias!.assign(Float32Array.of(10, 20, 30));
  expect(await layer.forward(tensor([1, 1, 2, 0], [2, 1, 2], on)).read()).toEqual(
    Float32Array.of(13, 27, 41, 12, 26, 40),
  );
});

test("the norms follow their formulas", async () => {
  const on = double();
  const x = [1, 2, 4, 9];
  const mean = 4;
  const deviation = Math.sqrt((9 + 4 + 0 + 25) / 4 + 1e-5);
  const layer = await new LayerNorm(4).to(on);
  const layered = await layer.forward(tensor(x, [1, 4], on)).read();
  x.forEach((value, i) => expect(layered[i]).toBeCloseTo((value - mean) / deviation, 12));
  const root = await new RMSNorm(4).to(on);
  const rooted = await root.forward(tensor(x, [1, 4], on)).read();
  x.forEach((value, i) => expect(rooted[i]).toBeCloseTo(value / Math.sqrt(102 / 4 + 1e-6), 12));
});

test.each([
  [
    () => new Linear({ input: 0, output: 1, random: random(1) }),
    "Linear: input must be a whole number from 1 up, got 0",
  ],
  [
    () => new Linear({ input: 1, output: 1.5, random: random(1) }),
    "Linear: output must be a whole number from 1 up, got 1.5",
  ],
  [() => new LayerNorm(-1), "LayerNorm: width must be a whole number from 1 up, got -1"],
  [() => new LayerNorm(1, { epsilon: 0 }), "LayerNorm: epsilon must be a finite number above 0, got 0"],
  [() => new RMSNorm(Number.NaN), "RMSNorm: width must be a whole number from 1 up, got NaN"],
  [() => new RMSNorm(1, { epsilon: Infinity }), "RMSNorm: epsilon must be a finite number above 0, got Infinity"],
  [
    () => new Embedding({ count: 0, width: 1, random: random(1) }),
    "Embedding: count must be a whole number from 1 up, got 0",
  ],
  [
    () => new Embedding({ count: 1, width: 0, random: random(1) }),
    "Embedding: width must be a whole number from 1 up, got 0",
  ],
])("bad sizes are refused by name %#", (make, message) => {
  let error: unknown;
  try {
    make();
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, "ConfigError")).toBe(true);
  expect((error as Error).message).toBe(message);
});

test("initial values can be chosen", async () => {
  const half: Initialiser = () => (shape) => new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5);
  const layer = new Linear({ input: 1, output: 2, random: random(1), initial: half });
  expect(await layer.weight.host()).toEqual(Float32Array.of(0.5, 0.5));
  const embedding = new Embedding({ count: 2, width: 1, random: random(1), initial: half });
  expect(await embedding.table.host()).toEqual(Float32Array.of(0.5, 0.5));
});

test("forward leaves no tensor behind", async () => {
  const on = cpu();
  const layer = await new Linear({ input: 2, output: 2, random: random(1) }).to(on);
  const norm = await new LayerNorm(2).to(on);
  using x = tensor([1, 2], [1, 2], on);
  const before = on.memory().tensors;
  const y = layer.forward(x);
  const z = norm.forward(y);
  expect(on.memory().tensors).toBe(before + 2);
  y[Symbol.dispose]();
  z[Symbol.dispose]();
});
