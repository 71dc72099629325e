import { Module, recompute, valueAndGrad, type ValueAndGrad } from "@tenon/nn";
import { add, cpu, keep, mean, mul, ones, random, square, sum, tensor, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { GatedMLP } from "../gated-mlp.ts";
import { GatedExperts } from "./gated-experts.ts";
import { MixtureOfExperts } from "./mixture-of-experts.ts";
import { TopKRouter } from "./top-k-router.ts";
import { withRouting } from "./with-routing.ts";

const on = cpu({ precision: "f64" });
const width = 4;
const mixture = (seed: number, expertsPerToken = 2, experts = 4): MixtureOfExperts =>
  new MixtureOfExperts({
    router: new TopKRouter({ width, experts, expertsPerToken, random: random(seed).fork("router") }),
    experts: new GatedExperts({ count: experts, width, hidden: 3, random: random(seed).fork("experts") }),
  });
/** Two mixtures, each in a segment of its own when `again`. */
class Model extends Module<[x: Tensor, again?: boolean], Tensor> {
  readonly blocks: MixtureOfExperts[] = [mixture(1), mixture(2)];
  protected override compute(x: Tensor, again = false): Tensor {
    return this.blocks.reduce((h, block) => {
      const layer = (h: Tensor): Tensor => add(h, block.forward(h));
      return again ? recompute([h], layer) : layer(h);
    }, x);
  }
}
const model = await new Model().to(on);
const x = place(floats([2, 5, width], random(3)), on);
const number = async (y: Tensor): Promise<number> => (await y.read())[0]!;

test("an even router has the least balance, k, and one that prefers an expert has more", async () => {
  for (const k of [1, 2, 3]) {
    const part = await mixture(1, k).to(on);
    part.router
      .parameters()
      .get("weight")!
      .assign(new Float64Array(4 * width));
    const { balance, z, loads } = withRouting(part, () => part.forward(x));
    expect(await number(balance)).toBeCloseTo(k, 12);
    expect(await number(z)).toBeCloseTo(Math.log(4) ** 2, 12);
    // All logits are equal, so the first k experts get every token.
    expect([...(await loads[""]![0]!.read())]).toEqual([0, 1, 2, 3].map((i) => (i < k ? 1 : 0)));
  }
  const part = await mixture(1, 1).to(on);
  part.router
    .parameters()
    .get("weight")!
    .assign(Float64Array.of(5, 5, 5, 5, ...new Array<number>(12).fill(0)));
  const { balance } = withRouting(part, () => part.forward(ones([1, 3, width], on)));
  expect(await number(balance)).toBeCloseTo(4 * (Math.exp(20) / (Math.exp(20) + 3)), 6);
});

test("it is the mean over the mixtures that ran, each by its path, as often as it ran", async () => {
  const alone = await Promise.all(
    [0, 1].map(async (i) => {
      const input = i === 0 ? x : add(x, model.blocks[0]!.forward(x));
      const { balance, z } = withRouting(model, () => model.blocks[i]!.forward(input));
      return [await number(balance), await number(z)] as const;
    }),
  );
  const { balance, z, loads } = withRouting(model, () => model.forward(x));
  expect(await number(balance)).toBeCloseTo((alone[0]![0] + alone[1]![0]) / 2, 12);
  expect(await number(z)).toBeCloseTo((alone[0]![1] + alone[1]![1]) / 2, 12);
  expect(Object.keys(loads)).toEqual(["blocks.0", "blocks.1"]);
  expect(await number(sum(loads["blocks.1"]![0]!))).toBeCloseTo(2, 12);
  const twice = withRouting(model, () => [model.forward(x), model.forward(x)]);
  expect(twice.loads["blocks.0"]).toHaveLength(2);
});

test("tokens that the mask leaves out count nowhere", async () => {
  const part = await mixture(1).to(on);
  const mask = tensor([1, 1, 1, 0, 0, 1, 1, 1, 0, 0], [2, 5], on, "bool");
  const all = withRouting(part, () => part.forward(x), { mask });
  const data = await x.read();
  const kept = tensor([...data.slice(0, 12), ...data.slice(20, 32)], [2, 3, width], on);
  const alone = withRouting(part, () => part.forward(kept));
  expect(await number(all.balance)).toBeCloseTo(await number(alone.balance), 12);
  expect(await number(all.z)).toBeCloseTo(await number(alone.z), 12);
  expectNumbers(await all.loads[""]![0]!.read(), await alone.loads[""]![0]!.read(), 1e-12, "the loads");
});

test("where no token counts, losses, loads and gradients are 0", async () => {
  const part = await mixture(1).to(on);
  const mask = tensor(new Uint8Array(10), [2, 5], on, "bool");
  let loads: readonly Tensor[] = [];
  const { value, gradients } = valueAndGrad(part, () => {
    const found = withRouting(part, () => part.forward(x), { mask });
    loads = found.loads[""]!.map(keep);
    return add(found.balance, found.z);
  });
  expect(await number(value)).toBe(0);
  expect(await number(sum(loads[0]!))).toBe(0);
  for (const gradient of gradients.values()) expect(await number(sum(square(gradient)))).toBe(0);
});

/** The loss with both extra losses, and all gradients. */
const trained = (again: boolean): ValueAndGrad =>
  valueAndGrad(model, () => {
    const { result, balance, z } = withRouting(model, () => mean(square(model.forward(x, again))));
    return add(result, add(mul(balance, 0.3), mul(z, 0.2)));
  });

test("with recompute it gives the same losses and gradients, and leaves nothing behind", async () => {
  const before = on.memory().tensors; // what other tests have left may vanish meanwhile
  const [plain, again] = [trained(false), trained(true)];
  expect(await again.value.read()).toEqual(await plain.value.read());
  expect(again.gradients.size).toBe(8);
  for (const [parameter, gradient] of plain.gradients) {
    expect(await again.gradients.get(parameter)!.read()).toEqual(await gradient.read());
  }
  for (const { value, gradients } of [plain, again]) {
    value[Symbol.dispose]();
    for (const gradient of gradients.values()) gradient[Symbol.dispose]();
  }
  expect(on.memory().tensors).toBeLessThanOrEqual(before);
});

test("the losses reach the router alone, and going down them spreads the tokens", async () => {
  const part = await mixture(7, 1).to(on);
  // What the tokens have in common sends most of them to the first expert.
  const tokens = add(place(floats([4, 16, width], random(5)), on), 1);
  const loss = (): ValueAndGrad => valueAndGrad(part, () => withRouting(part, () => part.forward(tokens)).balance);
  const weight = part.router.parameters().get("weight")!;
  weight.assign((await weight.host()).map((w, i) => (i < width ? 2 : w)));
  const largest = async (): Promise<number> =>
    Math.max(...(await withRouting(part, () => part.forward(tokens)).loads[""]![0]!.read()));
  const begin = await largest();
  for (let step = 0; step < 200; step++) {
    const { value, gradients } = loss();
    expect([...gradients.keys()]).toEqual([weight]);
    const gradient = await gradients.get(weight)!.read();
    weight.assign((await weight.host()).map((w, i) => w - 0.5 * gradient[i]!));
    value[Symbol.dispose]();
    gradients.get(weight)![Symbol.dispose]();
  }
  expect(begin).toBeGreaterThan(0.8);
  expect(await largest()).toBeLessThan(0.45);
});

test("around valueAndGrad it counts", async () => {
  const { result, balance, loads } = withRouting(model, () => valueAndGrad(model, () => mean(model.forward(x))));
  const { balance: expected } = withRouting(model, () => model.forward(x));
  expect(await number(balance)).toBe(await number(expected));
  expect(loads["blocks.0"]![0]!.shape).toEqual([4]);
  expect(result.gradients.size).toBe(8);
});

test("an enclosing call counts, too, and only mixtures of its model", async () => {
  const outer = withRouting(model, () => withRouting(model.blocks[0]!, () => model.forward(x)));
  expect(Object.keys(outer.loads)).toEqual(["blocks.0", "blocks.1"]);
  expect(Object.keys(outer.result.loads)).toEqual([""]);
  expect(await number(outer.balance)).not.toBe(await number(outer.result.balance));
});

test("what cannot be counted is refused", async () => {
  const mlp = await new GatedMLP({ width, hidden: 3, random: random(1) }).to(on);
  expect(() => withRouting(mlp, () => mlp.forward(x))).toThrow(
    "withRouting: the body ran no MixtureOfExperts of the model; call its forward inside",
  );
  expect(() => withRouting(model, () => mlp.forward(x))).toThrow("ran no MixtureOfExperts");
  expect(() => withRouting(model, async () => Promise.resolve(model.forward(x)))).toThrow("got a promise");
  const mask = ones([2, 4], on, "bool");
  expect(() => withRouting(model, () => model.forward(x), { mask })).toThrow(
    "withRouting: the mask must be [2, 5], as the tokens are, got [2, 4]",
  );
  const soft = ones([2, 5], on);
  expect(() => withRouting(model, () => model.forward(x), { mask: soft })).toThrow(
    "withRouting: the mask must be bool, got f32",
  );
  const { router } = mixture(1);
  const experts = new GatedExperts({ count: 3, width, hidden: 3, random: random(1) });
  expect(() => new MixtureOfExperts({ router, experts })).toThrow(
    "MixtureOfExperts: the router chooses among 4 experts, and there are 3",
  );
});
