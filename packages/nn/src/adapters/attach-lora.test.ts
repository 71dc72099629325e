import { cpu, ids, mul, random, Scope, scoped, sum, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { withDropout } from "../dropout.ts";
import { Embedding } from "../embedding.ts";
import { unfreeze } from "../freeze.ts";
import { normal } from "../initial/initial.ts";
import { Linear } from "../linear.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { dequantizeWeights } from "../quantized/dequantize-weights.ts";
import { quantizeWeights } from "../quantized/quantize-weights.ts";
import { wholeWeight } from "../quantized/use-weight.ts";
import { valueAndGrad } from "../value-and-grad.ts";
import { attachAdapters, attachLora, type LoraOptions } from "./attach-lora.ts";
import { LowRankAdapter } from "./low-rank-adapter.ts";
import type { AdaptedWeight, Lora } from "./lora.ts";

class Small extends Module<[at: Tensor], Tensor> {
  readonly table: Embedding = new Embedding({ count: 7, width: 32, random: random(1) });
  readonly up: Linear = new Linear({ input: 32, output: 16, random: random(2) });
  readonly down: Linear = new Linear({ input: 16, output: 5, random: random(3), bias: false });
  protected override compute(at: Tensor): Tensor {
    return this.down.forward(this.up.forward(this.table.forward(at)));
  }
}
const on = cpu();
const at = ids([3, 6, 0], [3], on, { limit: 7 });
const numbers = async (x: Tensor): Promise<number[]> => [...(await x.read())];
async function result(model: Small, backend: Backend = on): Promise<number[]> {
  using scope = new Scope();
  return numbers(scope.run(() => model.forward(ids([3, 6, 0], [3], backend, { limit: 7 }))));
}
const options: LoraOptions = { rank: 2, alpha: 3, targets: ["up.*", "down.weight"], random: random(9) };

/** Adapters that have learned something: every B is random. */
async function learned(model: Small, change: Partial<LoraOptions> = {}): Promise<Lora> {
  const lora = await attachLora(model, { ...options, ...change });
  for (const [path, { adapter }] of lora.weights) adapter.b.initialise(normal(random(5).fork(path), 0.3));
  return lora;
}
const expectClose = (found: readonly number[], expected: readonly number[], digits = 5): void => {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, digits));
};

describe("attachLora", () => {
  test("adapters are parameters beside their weights, the only ones that are trained; at first nothing changes", async () => {
    const model = await new Small().to(on);
    const before = await result(model);
    const lora = await attachLora(model, options);
    expect([...lora.weights.keys()]).toEqual(["up.weight", "down.weight"]);
    expect(
      [...model.parameters()].map(([path, { type, frozen }]) => `${path} [${type.shape.join()}] ${frozen}`),
    ).toEqual([
      "table.table [7,32] true",
      "up.weight [16,32] true",
      "up.weight.adapter.a [2,32] false",
      "up.weight.adapter.b [16,2] false",
      "up.bias [16] true",
      "down.weight [5,16] true",
      "down.weight.adapter.a [2,16] false",
      "down.weight.adapter.b [5,2] false",
    ]);
    expect(await result(model)).toEqual(before);
    const { gradients } = valueAndGrad(model, () => sum(model.forward(at)));
    expect(gradients.size).toBe(4);
    unfreeze(model, "up.bias");
    expect(valueAndGrad(model, () => sum(model.forward(at))).gradients.size).toBe(5);
  });

  test("A begins within 1 / √in, spread evenly, and each its own way; B at 0", async () => {
    const model = new Small();
    const { weights } = await attachLora(model, { ...options, rank: 64 });
    const [first, second] = (await Promise.all(
      [...weights.values()].map(({ adapter }) => adapter.a.host()),
    )) as Float32Array[];
    const largest = Math.max(...first!.map(Math.abs));
    expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(32));
    expect(largest).toBeGreaterThan(0.99 / Math.sqrt(32));
    expect(first!.reduce((total, value) => total + value ** 2, 0) / first!.length).toBeCloseTo(1 / (3 * 32), 3);
    expect([...first!.slice(0, 16)]).not.toEqual([...second!.slice(0, 16)]);
    for (const { adapter } of weights.values()) expect(new Set(await adapter.b.host())).toEqual(new Set([0]));
  });

  test.each(["f32", "levels"])("over a weight in %s, y = x Wᵀ + s (x Aᵀ) Bᵀ + bias", async (stored) => {
    const model = await new Small().to(on);
    if (stored === "levels") await quantizeWeights(model, { bits: 8, group: 16 });
    const plain = await numbers(scoped(() => wholeWeight(model.up.weight)));
    const { weights } = await learned(model);
    const { a, b } = weights.get("up.weight")!.adapter;
    const [left, right] = [await b.host(), await a.host()];
    const meant = plain.map((value, i) => {
      const [row, column] = [Math.floor(i / 32), i % 32];
      return value + 1.5 * (left[2 * row]! * right[column]! + left[2 * row + 1]! * right[32 + column]!);
    });
    expectClose(await numbers(scoped(() => wholeWeight(model.up.weight))), meant);
    model.up.bias!.assign(Float32Array.from({ length: 16 }, (_, i) => i));
    const x = Array.from({ length: 32 }, (_, i) => Math.sin(i));
    const expected = Array.from({ length: 16 }, (_, row) =>
      x.reduce((total, value, i) => total + value * meant[32 * row + i]!, row),
    );
    expectClose(await numbers(model.up.forward(tensor(x, [32], on))), expected);
  });

  test("rows of a table are adapted as the whole table is", async () => {
    const model = await new Small().to(on);
    await learned(model, { targets: "table.*" });
    const whole = await numbers(scoped(() => wholeWeight(model.table.table)));
    expectClose(await numbers(model.table.forward(at)), [
      ...whole.slice(3 * 32, 4 * 32),
      ...whole.slice(6 * 32),
      ...whole.slice(0, 32),
    ]);
  });

  test("ranks and alphas by path; rank-stabilised ones are divided by √r", async () => {
    const { weights } = await attachLora(new Small(), {
      ...options,
      rank: (path) => (path === "up.weight" ? 4 : 1),
      alpha: (path) => path.length,
      rankStabilised: true,
    });
    expect([...weights.values()].map(({ adapter }) => adapter.scale)).toEqual([
      "up.weight".length / 2,
      "down.weight".length,
    ]);
    expect(new LowRankAdapter({ shape: [2, 2], rank: 4, a: random(1) }).scale).toBe(1);
  });

  test("dropout drops what A is multiplied with, and nothing of the weight's own x", async () => {
    const model = await new Small().to(on);
    const lora = await learned(model, { targets: "up.weight", dropout: 0.5 });
    const dropped = (step: number): Promise<number[]> =>
      numbers(withDropout(model, random(4), step, () => model.forward(at)));
    const [plain, first] = [await result(model), await dropped(0)];
    expect(first).not.toEqual(plain);
    expect(await dropped(0)).toEqual(first);
    expect(await dropped(1)).not.toEqual(first);
    lora.enabled = false;
    expect(await dropped(0)).toEqual(await result(model));
  });

  test("its gradients are those of a weight W + s B A", async () => {
    const model = await new Small().to(cpu({ precision: "f64" }));
    const backend = model.up.weight.value.backend;
    const { weights } = await learned(model, { targets: "up.weight" });
    const { a, b } = weights.get("up.weight")!.adapter;
    const loss = (): Tensor => sum(mul(model.forward(ids([3, 6], [2], backend, { limit: 7 })), 0.5));
    const gradientOf = async (parameter: Parameter): Promise<number[]> =>
      numbers(valueAndGrad(model, loss).gradients.get(parameter)!);
    const [found, left, right] = [await gradientOf(b), await b.host(), await a.host()];
    unfreeze(model, "up.weight");
    const whole = await gradientOf(model.up.weight); // [16, 32]
    const expected = [...left].map((_, i) => {
      const [row, r] = [Math.floor(i / 2), i % 2];
      return (
        1.5 * Array.from({ length: 32 }, (_, j) => whole[32 * row + j]! * right[32 * r + j]!).reduce((x, y) => x + y)
      );
    });
    expectClose(found, expected, 10);
  });
});

describe("Lora", () => {
  test("disabled, the weights are used alone; detached, they are as they were, and so is the memory", async () => {
    const backend = cpu();
    const model = await new Small().to(backend);
    model.table.table.frozen = true; // as it was before, it stays
    const [before, memory, frozen] = [await result(model, backend), backend.memory(), [true, false]];
    const lora = await learned(model);
    const adapted = await result(model, backend);
    expect(adapted).not.toEqual(before);
    lora.enabled = false;
    expect([lora.enabled, await result(model, backend)]).toEqual([false, before]);
    lora.enabled = true;
    expect(await result(model, backend)).toEqual(adapted);
    lora.detach();
    expect(await result(model, backend)).toEqual(before);
    expect([model.table.table.frozen, model.up.weight.frozen]).toEqual(frozen);
    expect(backend.memory()).toEqual(memory);
    expect(() => lora.detach()).toThrow(
      "detach: these adapters have been merged or detached already; attachLora() gives new ones",
    );
  });

  test("merged, the model computes what it did with them, without them", async () => {
    const backend = cpu();
    const model = await new Small().to(backend);
    const memory = backend.memory();
    const lora = await learned(model, { targets: ["up.weight", "table.table"] });
    const adapted = await result(model, backend);
    lora.enabled = false;
    await lora.merge();
    expectClose(await result(model, backend), adapted);
    expect([...model.parameters().keys()]).toEqual([...new Small().parameters().keys()]);
    expect(backend.memory()).toEqual(memory);
    await expect(lora.merge()).rejects.toThrow("merge: these adapters have been merged");
  });

  test("what is held in levels is merged once it is numbers, and refused before", async () => {
    const model = await new Small().to(on);
    await quantizeWeights(model, { bits: 8, group: 16, paths: "up.weight" });
    const lora = await learned(model);
    const adapted = await result(model);
    await expect(lora.merge()).rejects.toThrow(
      "merge: up.weight is held in levels, and would have to be rounded anew; await dequantizeWeights() of the model first",
    );
    expect(await result(model)).toEqual(adapted);
    await dequantizeWeights(model);
    await lora.merge();
    expectClose(await result(model), adapted);
  });

  test("adapters may share an A: it is listed once, and lives until all are merged", async () => {
    const first = new LowRankAdapter({ shape: [16, 32], rank: 2, a: random(1) });
    const second = new LowRankAdapter({ shape: [7, 32], rank: 2, a: first.a });
    const model = await new Small().to(on);
    const [{ weight }, { table }] = [model.up, model.table];
    const both: [string, AdaptedWeight][] = [
      ["table.table", { weight: table, adapter: second }],
      ["up.weight", { weight, adapter: first }],
    ];
    const lora = await attachAdapters(model, new Map(both));
    for (const { b } of [first, second]) b.initialise(normal(random(2), 0.3));
    expect([...model.parameters().keys()].filter((path) => path.includes("adapter"))).toEqual([
      "table.table.adapter.a",
      "table.table.adapter.b",
      "up.weight.adapter.b",
    ]);
    const adapted = await result(model);
    await lora.merge();
    expectClose(await result(model), adapted);
  });
});
