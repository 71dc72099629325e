import { cpu, dequantize, ids, quantize, random, scoped, sum, tensor, mul, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { Embedding } from "../embedding.ts";
import { unfreeze } from "../freeze.ts";
import { ones } from "../initial/initial.ts";
import { Linear } from "../linear.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { valueAndGrad } from "../value-and-grad.ts";
import { dequantizeWeights } from "./dequantize-weights.ts";
import { assignQuantized } from "./group-scaled.ts";
import { quantizeWeights } from "./quantize-weights.ts";
import { wholeWeight } from "./use-weight.ts";

const on = cpu();
const numbers = async (x: Tensor): Promise<number[]> => [...(await x.read())];

class Small extends Module<[at: Tensor], Tensor> {
  readonly table: Embedding = new Embedding({ count: 10, width: 64, random: random(1) });
  readonly up: Linear = new Linear({ input: 64, output: 32, random: random(2) });
  readonly down: Linear = new Linear({ input: 32, output: 6, random: random(3), bias: false });
  readonly last: Linear = new Linear({ input: 6, output: 2, random: random(4) });
  protected override compute(at: Tensor): Tensor {
    return this.last.forward(this.down.forward(this.up.forward(this.table.forward(at))));
  }
}

describe("quantizeWeights", () => {
  test("rounds all matrices of whole groups, and says which", async () => {
    const model = await new Small().to(on);
    const paths = await quantizeWeights(model, { bits: 8 });
    expect(paths).toEqual(["table.table", "up.weight", "down.weight"]);
    expect([...model.parameters()].map(([path, { type, frozen }]) => `${path} ${type.dtype} ${frozen}`)).toEqual([
      "table.table q8 true",
      "table.table.scales f32 true",
      "up.weight q8 true",
      "up.weight.scales f32 true",
      "up.bias f32 false",
      "down.weight q8 true",
      "down.weight.scales f32 true",
      "last.weight f32 false",
      "last.bias f32 false",
    ]);
    expect([...model.parts().keys()]).toEqual(["", "table", "up", "down", "last"]);
  });

  test.each([8, 4] as const)("with %d bits computes what its levels stand for, here and elsewhere", async (bits) => {
    const at = ids([3, 9, 0], [3], on, { limit: 10 });
    const model = new Small(); // still on the host
    await quantizeWeights(model, { bits });
    await model.to(on);
    const y = await numbers(model.forward(at));

    const double = cpu({ precision: "f64" });
    await model.to(double);
    const moved = await numbers(model.forward(ids([3, 9, 0], [3], double, { limit: 10 })));
    moved.forEach((value, i) => expect(value).toBeCloseTo(y[i]!, 5));

    await dequantizeWeights(model);
    await model.to(on);
    expect([...model.parameters().values()].every(({ type }) => type.dtype === "f32")).toBe(true);
    (await numbers(model.forward(at))).forEach((value, i) => expect(value).toBeCloseTo(y[i]!, 6));
  });

  test("gives memory back: levels of 8 bits with a scale for 32 take 9 bits of 32, levels of 4 bits 5", async () => {
    const bytesOf = async (bits: 8 | 4): Promise<number> => {
      const backend = cpu();
      const layer = await new Linear({ input: 256, output: 64, bias: false, random: random(1) }).to(backend);
      expect(backend.memory().bytes).toBe(256 * 64 * 4);
      await quantizeWeights(layer, { bits });
      return backend.memory().bytes / (256 * 64);
    };
    expect([await bytesOf(8), await bytesOf(4)]).toEqual([9 / 8, 5 / 8]);
  });

  test("what is around the levels can be trained; scales, too, when they are unfrozen", async () => {
    const model = await new Small().to(on);
    const at = ids([1, 2], [2], on, { limit: 10 });
    const loss = (): Tensor => scoped(() => sum(mul(model.forward(at), model.forward(at))));
    const plain = valueAndGrad(model, loss).gradients;
    await quantizeWeights(model, { bits: 8, paths: "down.weight" });
    const through = valueAndGrad(model, loss).gradients;
    expect(through.has(model.down.weight)).toBe(false);
    expect(through.size).toBe(plain.size - 1);
    const expected = await numbers(plain.get(model.up.weight)!);
    const largest = Math.max(...expected.map(Math.abs));
    (await numbers(through.get(model.up.weight)!)).forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(largest * 0.02);
    });

    unfreeze(model, "down.weight.scales");
    const scales = model.parameters().get("down.weight.scales")!;
    expect(valueAndGrad(model, loss).gradients.get(scales)!.shape).toEqual([6, 1]);
  });

  test("what parts share they still share", async () => {
    class Shared extends Module<[], number> {
      readonly a: Linear = new Linear({ input: 32, output: 4, random: random(1) });
      readonly b: { readonly weight: Parameter } = { weight: this.a.weight };
      protected override compute(): number {
        return this.a.weight === this.b.weight ? 1 : 0;
      }
    }
    const model = new Shared();
    expect(await quantizeWeights(model, { bits: 8 })).toEqual(["a.weight"]);
    expect(model.forward()).toBe(1);
  });

  test("a matrix that another part uses in its own way stays as it is", async () => {
    class Own extends Module<[], void> {
      readonly layer: Linear = new Linear({ input: 32, output: 4, random: random(1) });
      readonly same: Parameter = this.layer.weight;
      protected override compute(): void {}
    }
    await expect(quantizeWeights(new Own(), { bits: 8 })).rejects.toThrow(
      "quantizeWeights: no matrix of the part has rows of whole groups of 32. It has no matrix that is not in levels yet.",
    );
  });

  test("refuses by name", async () => {
    const model = new Small();
    await expect(quantizeWeights(model, { bits: 8, paths: "last.*" })).rejects.toThrow(
      "quantizeWeights: a group of 32 does not divide the rows of last.weight [2, 6]; choose a group that does, or other paths",
    );
    await expect(quantizeWeights(model, { bits: 8, paths: "first.*" })).rejects.toThrow(
      'quantizeWeights: no matrix of the part fits "first.*". They are: table.table [10, 64], up.weight [32, 64], down.weight [6, 32], last.weight [2, 6].',
    );
    await quantizeWeights(model, { bits: 8 });
    await expect(quantizeWeights(model, { bits: 8, paths: "up.weight" })).rejects.toThrow(
      'no matrix of the part fits "up.weight". They are: last.weight [2, 6].',
    );
    expect(() => model.up.weight.initialise(ones)).toThrow(
      "a parameter [32, 64] is held in levels, which cannot begin with numbers; await dequantizeWeights() of the model first",
    );
  });
});

describe("assignQuantized", () => {
  test("levels with offsets: the product, the rows and the whole are those of level · scale + offset", async () => {
    const dice = random(8);
    const values = Float32Array.from({ length: 6 * 8 }, () => dice.normal());
    const weight = quantize(values, [6, 8], { bits: 4, group: 4 });
    const offsets = { type: weight.scales.type, data: Float32Array.from({ length: 12 }, () => dice.normal()) };
    const [layer, table] = [
      await new Linear({ input: 8, output: 6, random: random(1), initial: () => ones }).to(on),
      await new Embedding({ count: 6, width: 8, random: random(1) }).to(on),
    ];
    layer.bias!.assign(Float32Array.of(1, 2, 3, 4, 5, 6));
    await assignQuantized(layer.weight, { ...weight, offsets });
    await assignQuantized(table.table, { ...weight, offsets });
    expect([...layer.parameters().keys()]).toEqual(["weight", "weight.scales", "weight.offsets", "bias"]);

    using products = dequantize(layer.weight.value, layer.parameters().get("weight.scales")!.value);
    const meant = (await numbers(products)).map((product, i) => product + offsets.data[Math.floor(i / 4)]!);
    const x = Array.from({ length: 5 * 8 }, () => dice.normal());
    const y = await numbers(layer.forward(tensor(x, [5, 8], on)));
    for (let row = 0; row < 5; row++) {
      for (let out = 0; out < 6; out++) {
        let expected = out + 1;
        for (let i = 0; i < 8; i++) expected += x[row * 8 + i]! * meant[out * 8 + i]!;
        expect(y[row * 6 + out]).toBeCloseTo(expected, 4);
      }
    }
    const rows = await numbers(table.forward(ids([4, 0], [2], on, { limit: 6 })));
    [...meant.slice(32, 40), ...meant.slice(0, 8)].forEach((value, i) => expect(rows[i]).toBeCloseTo(value, 6));
    (await numbers(scoped(() => wholeWeight(table.table)))).forEach((value, i) =>
      expect(value).toBeCloseTo(meant[i]!, 6),
    );
    await dequantizeWeights(table);
    [...(await table.table.host())].forEach((value, i) => expect(value).toBeCloseTo(meant[i]!, 6));
  });

  test("refuses levels, scales and offsets that do not fit, and leaves the weight as it was", async () => {
    const { weight } = await new Linear({ input: 8, output: 2, random: random(1) }).to(on);
    const sound = quantize(new Float32Array(16).fill(1), [2, 8], { bits: 8, group: 4 });
    const end = "a weight [out, in] takes levels [out, in], and scales and offsets [out, in / group]";
    await expect(
      assignQuantized(weight, quantize(new Float32Array(16), [4, 4], { bits: 8, group: 4 })),
    ).rejects.toThrow(`assignQuantized: the weight is [2, 8], the levels are [4, 4]; ${end}`);
    const scales = (shape: number[], length: number) => ({
      type: { dtype: "f32" as const, shape },
      data: new Float32Array(length),
    });
    await expect(assignQuantized(weight, { ...sound, scales: scales([2, 3], 6) })).rejects.toThrow(
      `the weight is [2, 8], the scales are [2, 3]; ${end}`,
    );
    await expect(assignQuantized(weight, { ...sound, scales: scales([2, 2], 3) })).rejects.toThrow(
      `the scales [2, 2] have 3 numbers; ${end}`,
    );
    await expect(assignQuantized(weight, { ...sound, offsets: scales([2, 4], 8) })).rejects.toThrow(
      `the scales are [2, 2], the offsets [2, 4]; ${end}`,
    );
    expect([weight.type.dtype, weight.quantized, weight.frozen]).toEqual(["f32", undefined, false]);
  });

  test("new levels in the place of others give the old scales back", async () => {
    const backend = cpu();
    const layer = await new Linear({ input: 64, output: 2, bias: false, random: random(1) }).to(backend);
    await quantizeWeights(layer, { bits: 8 });
    const before = backend.memory();
    await assignQuantized(layer.weight, quantize(new Float32Array(128).fill(2), [2, 64], { bits: 8 }));
    expect(backend.memory()).toEqual(before);
  });
});
