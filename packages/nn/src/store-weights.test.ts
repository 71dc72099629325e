import { cpu, ids, mul, random, Scope, sum, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { Embedding } from "./embedding.ts";
import { freeze } from "./freeze.ts";
import { normal } from "./initial/initial.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";
import { attachLora } from "./adapters/attach-lora.ts";
import { Module } from "./module.ts";
import { quantizeWeights } from "./quantized/quantize-weights.ts";
import { recompute } from "./recompute.ts";
import { storeWeights } from "./store-weights.ts";
import { valueAndGrad } from "./value-and-grad.ts";

class Small extends Module<[at: Tensor, again?: boolean], Tensor> {
  readonly table: Embedding = new Embedding({ count: 10, width: 64, random: random(1) });
  readonly norm: LayerNorm = new LayerNorm(64);
  readonly up: Linear = new Linear({ input: 64, output: 32, random: random(2) });
  readonly down: Linear = new Linear({ input: 32, output: 6, random: random(3) });
  protected override compute(at: Tensor, again = false): Tensor {
    const x = this.norm.forward(this.table.forward(at));
    const layer = (x: Tensor): Tensor => this.down.forward(this.up.forward(x));
    return again ? recompute([x], layer) : layer(x);
  }
}
const on = cpu();
const at = ids([3, 9, 0, 3, 4, 5], [6], on, { limit: 10 });
async function result(model: Small): Promise<number[]> {
  using scope = new Scope();
  return [...(await scope.run(() => model.forward(at)).read())];
}
async function gradients(model: Small, again = false): Promise<Map<string, number[]>> {
  const found = valueAndGrad(model, () => sum(mul(model.forward(at, again), model.forward(at, again)))).gradients;
  const named = [...model.parameters()].filter(([, parameter]) => found.has(parameter));
  return new Map(
    await Promise.all(
      named.map(async ([path, parameter]): Promise<[string, number[]]> => {
        const gradient = found.get(parameter)!;
        expect(gradient.dtype).toBe("f32");
        return [path, [...(await gradient.read())]];
      }),
    ),
  );
}
const halves = ["f16", "bf16"] as const;

describe.each(halves)("in %s", (dtype) => {
  test("matrices take half the memory, and are computed in f32: the result is that of the rounded numbers", async () => {
    const model = await new Small().to(on);
    const before = { ...on.memory(), result: await result(model) };
    expect(await storeWeights(model, dtype)).toEqual(["table.table", "up.weight", "down.weight"]);
    expect([...model.parameters()].map(([path, { type, frozen }]) => `${path} ${type.dtype} ${frozen}`)).toEqual([
      `table.table ${dtype} false`,
      "norm.weight f32 false",
      "norm.bias f32 false",
      `up.weight ${dtype} false`,
      "up.bias f32 false",
      `down.weight ${dtype} false`,
      "down.bias f32 false",
    ]);
    const matrices = 640 + 2048 + 192;
    expect(before.bytes - on.memory().bytes).toBe(matrices * 2);
    const stored = await result(model);
    expect(await storeWeights(model, "f32", "up.weight")).toEqual(["up.weight"]);
    await storeWeights(model, "f32");
    expect(on.memory().bytes).toBe(before.bytes);
    const rounded = await result(model);
    stored.forEach((value, i) => expect(value).toBeCloseTo(rounded[i]!, 5));
    rounded.forEach((value, i) => expect(Math.abs(value - before.result[i]!)).toBeLessThan(0.05));
    expect(rounded).not.toEqual(before.result);
    model[Symbol.dispose]();
  });

  test("gradients are those of the rounded numbers in f32, computed again or not", async () => {
    const model = await new Small().to(on);
    await storeWeights(model, dtype);
    const [found, again] = [await gradients(model), await gradients(model, true)];
    await storeWeights(model, "f32");
    const expected = await gradients(model);
    expect(found).toEqual(expected);
    expect(again).toEqual(expected);
  });

  test("what is frozen is read as it lies, and the others' gradients stay", async () => {
    const model = await new Small().to(on);
    await storeWeights(model, dtype);
    const expected = await gradients(model);
    freeze(model, "up.weight");
    const found = await gradients(model);
    expect(found.has("up.weight")).toBe(false);
    for (const [path, values] of found)
      values.forEach((value, i) => expect(value).toBeCloseTo(expected.get(path)![i]!, 4));
  });

  test("adapters are f32 beside it, and merge into it, rounded once", async () => {
    const model = await new Small().to(on);
    await storeWeights(model, dtype);
    const lora = await attachLora(model, { rank: 2, targets: ["up.weight", "table.table"], random: random(4) });
    for (const { adapter } of lora.weights.values()) adapter.b.initialise(normal(random(5), 0.3));
    expect([...(await gradients(model)).keys()]).toHaveLength(4);
    const adapted = await result(model);
    await lora.merge();
    expect(model.up.weight.type.dtype).toBe(dtype);
    (await result(model)).forEach((value, i) => expect(Math.abs(value - adapted[i]!)).toBeLessThan(0.05));
  });
});

test("on the host, too; and levels stay levels", async () => {
  const model = new Small();
  await quantizeWeights(model, { bits: 8, paths: "up.weight" });
  expect(await storeWeights(model, "bf16")).toEqual(["table.table", "down.weight"]);
  await model.to(on);
  expect([model.up.weight, model.down.weight].map(({ type }) => type.dtype)).toEqual(["q8", "bf16"]);
});

test("what cannot be is refused, and nothing has changed then", async () => {
  const model = new Small();
  await expect(storeWeights(model, "bf16", "norm.*")).rejects.toThrow(
    'storeWeights: no matrix of the part that is in floats fits "norm.*". They are: table.table, up.weight, down.weight.',
  );
  await expect(storeWeights(new LayerNorm(2), "bf16")).rejects.toThrow("It has none.");
  await expect(storeWeights(model, "i32" as "f32")).rejects.toThrow(
    'storeWeights: weights are stored in f32, f16 or bf16, got "i32"',
  );
  model.down.weight.assign(new Float32Array(192).fill(-7e4));
  await expect(storeWeights(model, "f16")).rejects.toThrow(
    "storeWeights: down.weight has the number -70000, and f16 ends at 65504; store it in bf16",
  );
  expect([...model.parameters().values()].every(({ type }) => type.dtype === "f32")).toBe(true);
});
