import { Linear, Parameter, Part, storeWeights } from "@tenon/nn";
import { type Backend, cpu, isTenonError, random, scoped, type Tensor, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { AdamW, type AdamWOptions } from "./adamw.ts";

/** A weight that decays and a bias that does not. */
class Pair extends Part {
  readonly weight: Parameter = new Parameter([2, 2], () => Float32Array.of(1, -2, 0.5, 3));
  readonly bias: Parameter = new Parameter([2], () => Float32Array.of(0.25, -0.75));
}
const numbers = random(5);
const gradient = (size: number): number[] => Array.from({ length: size }, () => numbers.normal());

function gradientsOf(
  model: Pair,
  weight: readonly number[],
  bias: readonly number[] | undefined,
  on: Backend,
): Map<Parameter, Tensor> {
  const gradients = new Map([[model.weight, tensor(Float64Array.from(weight), [2, 2], on)]]);
  if (bias !== undefined) gradients.set(model.bias, tensor(Float64Array.from(bias), [2], on));
  return gradients;
}

/** The formula of the paper, one number at a time, in double precision. */
class Reference {
  #m = 0;
  #v = 0;
  #n = 0;
  p: number;
  constructor(p: number) {
    this.p = p;
  }
  step(g: number, rate: number, beta1: number, beta2: number, epsilon: number, decay: number): void {
    this.#n++;
    this.#m = beta1 * this.#m + (1 - beta1) * g;
    this.#v = beta2 * this.#v + (1 - beta2) * g ** 2;
    const mHat = this.#m / (1 - beta1 ** this.#n);
    const vHat = this.#v / (1 - beta2 ** this.#n);
    this.p = this.p - rate * decay * this.p - (rate * mHat) / (Math.sqrt(vHat) + epsilon);
  }
}

test.each([
  ["f64", true, 1e-13],
  ["f32", true, 1e-6],
  ["f32", false, 1e-6],
] as const)("follows the formula in %s, fused: %s", async (precision, fused, tolerance) => {
  const on = cpu({ precision, fused });
  const model = await new Pair().to(on);
  const rule = { beta1: 0.8, beta2: 0.9, epsilon: 1e-6, decay: 0.2 };
  const optimiser = new AdamW(model, rule);
  const weights = [1, -2, 0.5, 3].map((p) => new Reference(p));
  const biases = [0.25, -0.75].map((p) => new Reference(p));
  for (let step = 0; step < 20; step++) {
    const rate = 0.01 / (step + 1);
    const g = gradient(4);
    const skipped = step % 3 === 1;
    const gBias = gradient(2);
    scoped(() => optimiser.step(gradientsOf(model, g, skipped ? undefined : gBias, on), rate));
    weights.forEach((one, i) => one.step(g[i]!, rate, 0.8, 0.9, 1e-6, 0.2));
    if (!skipped) biases.forEach((one, i) => one.step(gBias[i]!, rate, 0.8, 0.9, 1e-6, 0));
  }
  expect(optimiser.steps).toBe(20);
  const actual = [...(await model.weight.host()), ...(await model.bias.host())];
  [...weights, ...biases].forEach(({ p }, i) => expect(Math.abs(actual[i]! - p)).toBeLessThan(tolerance));
});

test("its state takes an optimiser of the same model to the same place, to the last bit", async () => {
  const on = cpu();
  const model = await new Pair().to(on);
  const optimiser = new AdamW(model);
  const all = Array.from({ length: 6 }, () => [gradient(4), gradient(2)] as const);
  for (const [w, b] of all.slice(0, 3)) scoped(() => optimiser.step(gradientsOf(model, w, b, on), 0.1));
  scoped(() => optimiser.step(gradientsOf(model, [1, 2, 3, 4], undefined, on), 0.1));

  const copy = await new Pair().to(on);
  copy.weight.assign(await model.weight.host());
  copy.bias.assign(await model.bias.host());
  const resumed = new AdamW(copy);
  const state = await optimiser.state();
  resumed.load(state);
  expect(resumed.steps).toBe(4);
  expect(await resumed.state()).toEqual(state); // also before the first step
  expect([...state.keys()]).toEqual([
    "steps",
    "weight.mean",
    "weight.square",
    "weight.steps",
    "bias.mean",
    "bias.square",
    "bias.steps",
  ]);
  expect(state.get("bias.steps")).toEqual({ shape: [], data: Float32Array.of(3) });

  for (const [w, b] of all.slice(3)) {
    scoped(() => optimiser.step(gradientsOf(model, w, b, on), 0.1));
    scoped(() => resumed.step(gradientsOf(copy, w, b, on), 0.1));
  }
  expect(await copy.weight.host()).toEqual(await model.weight.host());
  expect(await copy.bias.host()).toEqual(await model.bias.host());
  expect(await resumed.state()).toEqual(await optimiser.state());
});

test("state is of the moment of the call", async () => {
  const on = cpu();
  const model = await new Pair().to(on);
  const optimiser = new AdamW(model);
  scoped(() => optimiser.step(gradientsOf(model, [1, 1, 1, 1], [1, 1], on), 0.1));
  const before = optimiser.state();
  scoped(() => optimiser.step(gradientsOf(model, [1, 1, 1, 1], [1, 1], on), 0.1));
  expect((await before).get("steps")!.data[0]).toBe(1);
  expect((await before).get("weight.mean")!.data[0]).toBeCloseTo(0.1, 6);
});

test("a state that does not fit is refused as a whole", async () => {
  const on = cpu();
  const model = await new Pair().to(on);
  const optimiser = new AdamW(model);
  scoped(() => optimiser.step(gradientsOf(model, [1, 1, 1, 1], [1, 1], on), 0.1));
  const good = await optimiser.state();
  const bad = new Map(good);
  bad.delete("bias.mean");
  bad.set("other", { shape: [1], data: Float32Array.of(1) });
  bad.set("weight.square", { shape: [4], data: new Float32Array(4) });
  bad.set("bias.square", { shape: [2], data: new Float32Array(3) });
  bad.set("steps", { shape: [], data: Float32Array.of(1.5) });
  let thrown: unknown;
  try {
    optimiser.load(bad);
  } catch (error) {
    thrown = error;
  }
  if (!isTenonError(thrown, "CheckpointError")) throw new Error("expected a CheckpointError");
  expect(thrown.message).toBe(
    "AdamW: the saved state does not fit the model, and nothing was loaded. 1 missing: bias.mean; 1 unexpected: other; 3 not fitting: steps (expected a whole number from 0 up, got 1.5), weight.square (expected [2, 2], got [4] with 4 numbers), bias.square (expected [2], got [2] with 3 numbers). Load the state that was saved with this model, or begin a new run without it.",
  );
  expect(await optimiser.state()).toEqual(good);
});

test("bad options are refused by name", () => {
  const model = new Pair();
  const make = (options: AdamWOptions) => (): AdamW => new AdamW(model, options);
  expect(make({ beta1: 1 })).toThrow("AdamW: beta1 must be at least 0 and below 1, got 1");
  expect(make({ beta2: -0.1 })).toThrow("AdamW: beta2 must be at least 0 and below 1, got -0.1");
  expect(make({ epsilon: 0 })).toThrow("AdamW: epsilon must be a finite number above 0, got 0");
  expect(make({ decay: NaN })).toThrow("AdamW: decay must be a finite number from 0 up, got NaN");
  expect(() => new AdamW(new (class extends Part {})())).toThrow("the model has no parameters");
});

test("a step that cannot be taken changes nothing", async () => {
  const on = cpu();
  const model = await new Pair().to(on);
  const optimiser = new AdamW(model);
  const stranger = new Linear({ input: 2, output: 2, random: random(1) });
  const good = gradientsOf(model, [1, 1, 1, 1], [1, 1], on);
  const step =
    (more: readonly (readonly [Parameter, Tensor])[], rate = 0.1) =>
    (): void =>
      optimiser.step(new Map([...good, ...more]), rate);
  expect(step([], -1)).toThrow("AdamW: rate must be a finite number from 0 up, got -1");
  expect(step([], NaN)).toThrow("rate must be a finite number from 0 up, got NaN");
  expect(step([[stranger.weight, tensor([1, 1, 1, 1], [2, 2], on)]])).toThrow("that the model did not have");
  expect(step([[model.bias, tensor([1], [1], on)]])).toThrow("the gradient of bias is [1], the parameter [2]");
  expect(step([[model.bias, tensor([1, 1], [2], cpu())]])).toThrow("which must be one and the same");
  expect(optimiser.steps).toBe(0);
  expect(await model.weight.host()).toEqual(Float32Array.of(1, -2, 0.5, 3));
});

test("follows a model to another backend through its state", async () => {
  const first = cpu();
  const second = cpu();
  const model = await new Pair().to(first);
  const optimiser = new AdamW(model);
  scoped(() => optimiser.step(gradientsOf(model, [1, 1, 1, 1], [1, 1], first), 0.1));
  await model.to(second);
  const again = (): void => scoped(() => optimiser.step(gradientsOf(model, [1, 1, 1, 1], [1, 1], second), 0.1));
  expect(again).toThrow("optimiser.load(await optimiser.state()) lets the memory follow");
  optimiser.load(await optimiser.state());
  again();
  expect(optimiser.steps).toBe(2);
  expect(first.memory().tensors).toBe(0);
  expect(second.memory().tensors).toBe(6);
  optimiser[Symbol.dispose]();
  expect(second.memory().tensors).toBe(2);
});

test("refuses to go on after a parameter is resized, before anything changes; a new one does", async () => {
  const on = cpu();
  const model = await new Pair().to(on);
  const optimiser = new AdamW(model);
  optimiser.step(gradientsOf(model, [1, 2, 3, 4], [1, 1], on), 0.1);
  model.weight.assign(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  const gradients = (): Map<Parameter, Tensor> =>
    new Map([
      [model.bias, tensor([1, 1], [2], on)],
      [model.weight, tensor([1, 1, 1, 1, 1, 1], [3, 2], on)],
    ]);
  const bias = await model.bias.host();
  expect(() => optimiser.step(gradients(), 0.1)).toThrow(
    "AdamW: weight is [3, 2] and was [2, 2] when the optimiser was made; make a new one after a parameter is resized",
  );
  expect(await model.bias.host()).toEqual(bias);
  const state = await optimiser.state();
  expect(state.get("weight.mean")).toMatchObject({ shape: [2, 2], data: { length: 4 } });
  const next = new AdamW(model);
  expect(() => next.load(state)).toThrow("weight.mean (expected [3, 2], got [2, 2] with 4 numbers)");
  next.step(gradients(), 0.1);
  expect(await model.bias.host()).not.toEqual(bias);
});

test("a weight that is not in f32 is refused by its path, and no other has moved", async () => {
  const on = cpu();
  const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(on);
  const before = await model.bias!.host();
  await storeWeights(model, "bf16");
  const gradients = new Map([
    [model.bias!, tensor([1], [1], on)],
    [model.weight, tensor([1, 1], [1, 2], on)],
  ]);
  expect(() => new AdamW(model).step(gradients, 0.1)).toThrow(
    "AdamW: weight is stored in bf16, where f32 is expected; let masterWeights make the optimiser, or freeze the parameter",
  );
  expect(await model.bias!.host()).toEqual(before);
});
