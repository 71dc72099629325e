import { wasm } from "@tenon/backend-wasm";
import { assemble, gpt, type Decoder } from "@tenon/models";
import { attachLora, freeze, Linear, ones, storeWeights, unfreeze, type Parameter, type Part } from "@tenon/nn";
import { type Backend, cpu, random, tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { causalBatches } from "../data/causal-batches.ts";
import { causalLoss } from "../objectives/causal-loss.ts";
import { constant } from "../schedules/constant.ts";
import { train } from "../train.ts";
import { AdamW } from "./adamw.ts";
import { masterWeights } from "./master-weights.ts";
import type { Optimiser } from "./optimiser.ts";

const text = Array.from({ length: 600 }, (_, i) => [3, 1, 4, 1, 5, 9, 2, 6][(i * i) % 8]!);
const newModel = (on: Backend): Promise<Decoder> =>
  assemble(gpt({ vocabulary: 10, context: 8, width: 16, layers: 2, heads: 2, dropout: 0.1 }), { seed: 3 }).to(on);
const adamw = (part: Part): Optimiser => new AdamW(part, { decay: 0.1 });

async function losses(model: Decoder, optimiser: Optimiser, steps: number): Promise<number[]> {
  const found: number[] = [];
  const batches = causalBatches({ ids: text, context: 8, batch: 2, random: random(2) });
  const options = {
    model,
    objective: causalLoss,
    batches,
    optimiser,
    schedule: constant(3e-3),
    steps,
    random: random(4),
  };
  for await (const { loss } of train(options)) found.push(loss);
  return found;
}
const valuesOf = (model: Part): Promise<[string, number[]][]> =>
  Promise.all(
    [...model.parameters()].map(async ([path, each]): Promise<[string, number[]]> => [path, [...(await each.host())]]),
  );

/** What is learned in f32. */
const inF32 = newModel(cpu()).then((model) => losses(model, adamw(model), 30));

describe.each(["bf16", "f16"] as const)("a decoder in %s at rest", (dtype) => {
  test("learns as in f32 for thirty steps, and takes half the memory at rest", async () => {
    const on = cpu();
    const expected = await inF32;
    const before = on.memory().bytes;
    const model = await newModel(on);
    const whole = on.memory().bytes - before;
    const stored = await storeWeights(model, dtype);
    const numbers = stored.reduce((sum, path) => sum + sizeOf(model.parameters().get(path)!), 0);
    expect(on.memory().bytes - before).toBe(whole - 2 * numbers);
    expect(numbers * 4).toBeGreaterThan(0.8 * whole);
    const optimiser = await masterWeights(model, adamw);
    const found = await losses(model, optimiser, 30);
    expect(expected.at(-1)!).toBeLessThan(expected[0]! * 0.85);
    found.forEach((loss, i) => expect(Math.abs(loss - expected[i]!)).toBeLessThan(dtype === "bf16" ? 0.005 : 0.001));
    for (const path of stored) expect(model.parameters().get(path)!.type.dtype).toBe(dtype);
    expect(optimiser.steps).toBe(30);
  });

  test("what was interrupted goes on to the last bit", async () => {
    const make = async (): Promise<[Decoder, Optimiser]> => {
      const model = await newModel(cpu());
      await storeWeights(model, dtype);
      return [model, await masterWeights(model, adamw)];
    };
    const [whole, first] = [await make(), await make()];
    const expected = await losses(...whole, 8);
    const begun = await losses(...first, 5);
    const [model, optimiser] = await make();
    for (const [path, values] of await valuesOf(first[0]))
      model.parameters().get(path)!.assign(Float32Array.from(values));
    optimiser.load(await first[1].state());
    expect([...begun, ...(await losses(model, optimiser, 8))]).toEqual(expected);
    expect(await valuesOf(model)).toEqual(await valuesOf(whole[0]));
  });
});

test("on wasm, with blocks that are computed again, and nothing is left behind", async () => {
  const on = await wasm({ threads: 1 });
  const model = await newModel(on);
  await storeWeights(model, "bf16");
  const before = on.memory();
  model.blocks.recomputed = 1;
  const optimiser = await masterWeights(model, adamw);
  const found = await losses(model, optimiser, 5);
  const other = await newModel(cpu());
  await storeWeights(other, "bf16");
  const expected = await losses(other, await masterWeights(other, adamw), 5);
  found.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 3));
  optimiser[Symbol.dispose]();
  expect(on.memory()).toEqual(before);
});

test("adapters over weights in 16 bits need none: what is trained is f32", async () => {
  const model = await newModel(cpu());
  await storeWeights(model, "bf16");
  const before = await valuesOf(model);
  await attachLora(model, { rank: 2, alpha: 8, targets: "blocks.**", random: random(5) });
  await expect(masterWeights(model, adamw)).rejects.toThrow(
    "masterWeights: nothing that is trained of the model is stored in 16 bits; give the model itself to an optimiser, or await storeWeights() of it first",
  );
  const found = await losses(model, adamw(model), 12);
  expect(found.at(-1)!).toBeLessThan(found[0]!);
  const after = new Map(await valuesOf(model));
  for (const [path, values] of before) expect([path, after.get(path)]).toEqual([path, values]);
});

test("frozen weights have no master, and what changed meanwhile is refused", async () => {
  const on = cpu();
  const model = await new Linear({ input: 2, output: 1, random: random(1), initial: () => ones }).to(on);
  const twin = await new Linear({ input: 2, output: 1, random: random(1) }).to(on);
  const both = Object.assign(new (class extends Linear {})({ input: 2, output: 1, random: random(2) }), {
    model,
    twin,
  });
  await both.to(on);
  await storeWeights(both, "bf16");
  freeze(both, "twin.weight");
  const optimiser = await masterWeights(both, adamw);
  expect([...(await optimiser.state()).keys()].filter((name) => name.endsWith(".master"))).toEqual([
    "weight.master",
    "model.weight.master",
  ]);
  const step = (parameter: Parameter): void =>
    optimiser.step(new Map([[parameter, tensor([1, 1], [1, 2], parameter.value.backend)]]), 0.1);
  unfreeze(both);
  expect(() => step(twin.weight)).toThrow(
    "masterWeights: a weight [1, 2] in bf16 has no master: it was frozen or in f32 when the optimiser was made. Make a new one.",
  );
  const state = new Map(await optimiser.state());
  state.delete("model.weight.master");
  expect(() => optimiser.load(state)).toThrow("masterWeights: the saved state does not fit the model");
  await storeWeights(both, "f32", "model.weight");
  expect(() => step(model.weight)).toThrow("masterWeights: model.weight is stored in f32 by now; make a new optimiser");
  const elsewhere = cpu();
  await both.to(elsewhere);
  expect(() => step(both.weight)).toThrow(
    'masterWeights: weight lives on "cpu" and its master on "cpu"; make the optimiser anew',
  );
});

const sizeOf = ({ type }: Parameter): number => type.shape.reduce((product, size) => product * size, 1);
