import { add, cpu, mean, mul, random, sum, tensor, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { Dropout, withDropout } from "./dropout.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";
import { recompute } from "./recompute.ts";
import { collectSideOutputs, handOut } from "./side-outputs.ts";
import { valueAndGrad, type ValueAndGrad } from "./value-and-grad.ts";

/** Hands out what is hidden and its sum. */
class Layer extends Module<[x: Tensor], Tensor> {
  readonly linear: Linear;
  readonly dropout: Dropout = new Dropout(0.5);
  constructor(seed: number) {
    super();
    this.linear = new Linear({ input: 3, output: 3, random: random(seed) });
  }
  protected override compute(x: Tensor): Tensor {
    const hidden = this.dropout.forward(this.linear.forward(x));
    handOut(this, [hidden, sum(hidden)]);
    return hidden;
  }
}
class Model extends Module<[x: Tensor, how: "plain" | "again" | "nested"], Tensor> {
  readonly layers: Layer[] = [new Layer(1), new Layer(2)];
  protected override compute(x: Tensor, how: "plain" | "again" | "nested"): Tensor {
    const all = (x: Tensor): Tensor =>
      this.layers.reduce(
        (h, layer) => (how === "plain" ? layer.forward(h) : recompute([h], (h) => layer.forward(h))),
        x,
      );
    return how === "nested" ? recompute([x], (x) => [all(x), mul(x, 2)] as const)[0] : all(x);
  }
}
const on = cpu({ precision: "f64" });
const model = await new Model().to(on);
const x = tensor([1, 2, 3, -1, 0, 2], [2, 3], on);

test("what is handed out is found in order, belongs to the caller, and is handed to nobody otherwise", async () => {
  const before = on.memory().tensors; // what other tests have left may vanish meanwhile
  const { result, sideOutputs } = collectSideOutputs(() => model.forward(x, "plain"));
  expect(sideOutputs.map(({ from }) => from)).toEqual(model.layers);
  expect(await sideOutputs[1]!.tensors[0]!.read()).toEqual(await result.read());
  expect(on.memory().tensors).toBeLessThanOrEqual(before + 4); // the last layer's hidden tensor is the result, shared
  for (const each of [result, ...sideOutputs.flatMap(({ tensors }) => tensors)]) each[Symbol.dispose]();
  model.forward(x, "plain")[Symbol.dispose]();
  expect(on.memory().tensors).toBeLessThanOrEqual(before);
});

test("an enclosing collection finds them, too, but not those of a body that threw", () => {
  const outer = collectSideOutputs(() => {
    expect(() =>
      collectSideOutputs(() => {
        model.forward(x, "plain");
        throw new RangeError("no");
      }),
    ).toThrow(RangeError);
    return collectSideOutputs(() => model.layers[0]!.forward(x));
  });
  expect(outer.sideOutputs).toHaveLength(1);
  expect(outer.result.sideOutputs).toHaveLength(1);
  expect(() => collectSideOutputs(() => Promise.resolve())).toThrow("collectSideOutputs() got a promise");
});

/** The loss, of results and of what is handed out, and its gradients. */
function trained(how: "plain" | "again" | "nested"): ValueAndGrad {
  return withDropout(model, random(5), 0, () =>
    valueAndGrad(model, () => {
      const { result, sideOutputs } = collectSideOutputs(() => model.forward(x, how));
      const extra = sideOutputs.map(({ tensors: [hidden, total] }, i) =>
        mul(add(mean(mul(hidden!, hidden!)), total!), i + 1),
      );
      return extra.reduce((a, b) => add(a, b), mean(mul(result, result)));
    }),
  );
}

test.each(["again", "nested"] as const)(
  "with recompute, %s: the same loss and gradients, nothing left behind",
  async (how) => {
    const before = on.memory().tensors;
    const [plain, other] = [trained("plain"), trained(how)];
    expect(await other.value.read()).toEqual(await plain.value.read());
    expect(other.gradients.size).toBe(4);
    for (const [parameter, gradient] of plain.gradients)
      expect(await other.gradients.get(parameter)!.read()).toEqual(await gradient.read());
    for (const { value, gradients } of [plain, other])
      for (const each of [value, ...gradients.values()]) each[Symbol.dispose]();
    expect(on.memory().tensors).toBeLessThanOrEqual(before);
  },
);

test("recompute gives a list where the body does, collected or not", () => {
  const run = (): number => recompute([x], (x) => [model.layers[0]!.forward(x), mul(x, 2)]).length;
  expect(run()).toBe(2);
  expect(collectSideOutputs(run).result).toBe(2);
  expect(collectSideOutputs(run).sideOutputs[0]!.tensors).toHaveLength(2);
});
