import { freeze, Linear, Parameter, Part, storeWeights } from "@tenon/nn";
import { type Backend, cpu, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { ParameterAverage } from "../fit/fit-options.ts";
import { MovingAverage } from "./moving-average.ts";

class Pair extends Part {
  readonly weight: Parameter = new Parameter([2], () => new Float32Array(2));
  readonly bias: Parameter = new Parameter([1], () => new Float32Array(1));
}
/** Updates the average after each "step", which puts a number into every place of the model. */
function walk(model: Pair, average: MovingAverage, values: readonly number[]): void {
  for (const value of values) {
    model.weight.assign(Float32Array.of(value, -value));
    model.bias.assign(Float32Array.of(10 * value));
    average.update();
  }
}
async function averagesOf(model: Pair, average: MovingAverage): Promise<number[]> {
  average.swap();
  const values = [...(await model.weight.host()), ...(await model.bias.host())];
  average.swap();
  return values;
}
const placed = (on: Backend): Promise<Pair> => new Pair().to(on);

test("begins with the first parameters, and follows with the decay", async () => {
  const model = await placed(cpu());
  const average = new MovingAverage(model, { decay: 0.5 });
  walk(model, average, [8]);
  expect(await averagesOf(model, average)).toEqual([8, -8, 80]);
  walk(model, average, [0, 4]);
  expect(await averagesOf(model, average)).toEqual([4, -4, 40]);
  expect(average.steps).toBe(3);
});

test("with warm-up, keeps (1 + n) / (10 + n) until that is more than the decay", async () => {
  const model = await placed(cpu());
  const average = new MovingAverage(model, { decay: 0.2, warmUp: true });
  walk(model, average, [11, 0]);
  expect((await averagesOf(model, average))[0]).toBeCloseTo(2, 6);
  walk(model, average, [0]);
  expect((await averagesOf(model, average))[0]).toBeCloseTo(2 * 0.2, 6);
});

test("a swap copies nothing, and a second one brings the very parameters back", async () => {
  const on = cpu();
  const model = await placed(on);
  const average = new MovingAverage(model);
  walk(model, average, [1, 2]);
  const [memory, parameter] = [on.memory(), model.weight.value];
  expect(memory.tensors).toBe(4);
  average.swap();
  expect([average.swapped, model.weight.value === parameter]).toEqual([true, false]);
  expect(on.memory()).toEqual(memory);
  average.swap();
  expect([average.swapped, model.weight.value === parameter]).toEqual([false, true]);
  expect(on.memory()).toEqual(memory);
  average[Symbol.dispose]();
  expect(on.memory().tensors).toBe(2);
});

test("disposed while swapped in, it leaves the averages to the model", async () => {
  const on = cpu();
  const model = await placed(on);
  const average = new MovingAverage(model, { decay: 0.5 });
  walk(model, average, [8, 0]);
  average.swap();
  average[Symbol.dispose]();
  expect([on.memory().tensors, average.swapped]).toEqual([2, false]);
  expect(await model.bias.host()).toEqual(Float32Array.of(40));
});

test("its state takes another to the same place, to the last bit, also before the first update", async () => {
  const model = await placed(cpu());
  const average = new MovingAverage(model, { decay: 0.7, warmUp: true });
  average satisfies ParameterAverage; // what `fit` asks for
  const fresh = await average.state();
  expect([...fresh.keys()]).toEqual(["steps"]);
  walk(model, average, [1 / 3, 0.1]);
  const state = await average.state();
  expect([...state.keys()]).toEqual(["steps", "weight.average", "bias.average"]);
  const copy = await placed(cpu());
  const resumed = new MovingAverage(copy, { decay: 0.7, warmUp: true });
  resumed.load(state);
  for (const [one, its] of [
    [average, model],
    [resumed, copy],
  ] as const)
    walk(its, one, [0.7, 0.9]);
  expect(await averagesOf(copy, resumed)).toEqual(await averagesOf(model, average));
  resumed.load(fresh);
  expect(resumed.steps).toBe(0);
  walk(copy, resumed, [3]);
  expect(await averagesOf(copy, resumed)).toEqual([3, -3, 30]);
});

test("a frozen parameter has no average and is not swapped", async () => {
  const on = cpu();
  const model = await placed(on);
  freeze(model, "bias");
  const average = new MovingAverage(model, { decay: 0.5 });
  walk(model, average, [8, 0]);
  expect(on.memory().tensors).toBe(3);
  expect(await averagesOf(model, average)).toEqual([4, -4, 0]);
});

test("what cannot be done is refused, and nothing has changed", async () => {
  const on = cpu();
  const model = await placed(on);
  expect(() => new MovingAverage(model, { decay: 1 })).toThrow(
    "MovingAverage: decay must be at least 0 and below 1, got 1",
  );
  const average = new MovingAverage(model);
  expect(() => average.swap()).toThrow(
    "MovingAverage: there is no average to swap in before the first update(); take a step first",
  );
  walk(model, average, [1]);
  const state = await average.state();
  average.swap();
  const refusal = "while the model holds the averages; swap() them back first";
  expect(() => average.update()).toThrow(`MovingAverage: update() ${refusal}`);
  expect(() => average.load(state)).toThrow(`MovingAverage: load() ${refusal}`);
  await expect(average.state()).rejects.toThrow(`MovingAverage: state() ${refusal}`);
  average.swap();
  expect(() => average.load(new Map([...state].slice(0, 2)))).toThrow("1 missing: bias.average");
  await model.to(cpu());
  for (const act of [(): void => average.update(), (): void => average.swap()])
    expect(act).toThrow("average.load(await average.state()) lets the averages follow");
  average.load(await average.state());
  average.update();
  model.bias.assign(Float32Array.of(1, 2), [2]);
  expect(() => average.swap()).toThrow(
    "MovingAverage: bias is [2] and was [1] when the average was made; make a new one after a parameter is resized",
  );
  expect(average.steps).toBe(2);
  freeze(model);
  expect(() => new MovingAverage(model)).toThrow("MovingAverage: the model has no parameters that are trained");
});

test("weights that are not in f32 are refused before anything changes", async () => {
  const model = await new Linear({ input: 2, output: 1, random: random(1) }).to(cpu());
  const average = new MovingAverage(model);
  average.update();
  await storeWeights(model, "bf16");
  const message =
    'MovingAverage: weight is stored in bf16, where f32 is expected; await storeWeights(model, "f32") first, or freeze the parameter';
  expect(() => average.update()).toThrow(message);
  expect(() => average.swap()).toThrow(message);
  expect(() => new MovingAverage(model)).toThrow(message);
  expect(average.steps).toBe(1);
  freeze(model, "weight");
  expect(new MovingAverage(model).steps).toBe(0);
});
