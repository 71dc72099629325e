import { Linear, Module, normal, Parameter, valueAndGrad } from "@tenon/nn";
import { cpu, mul, random, sum, type Tensor } from "@tenon/tensor";
import { expectNumbers, floats, place } from "@tenon/tensor/testing";
import { expect, test } from "vitest";

import { additiveScores } from "./additive-scores.ts";

const [b, t, s, a] = [2, 5, 3, 4];
const on = cpu({ precision: "f64" });

class Scored extends Module<[limit: number | undefined], Tensor> {
  readonly queries: Parameter = new Parameter([b, t, a], normal(random(1), 1));
  readonly keys: Parameter = new Parameter([b, s, a], normal(random(2), 1));
  readonly v: Linear = new Linear({ input: a, output: 1, bias: false, random: random(3) });
  protected override compute(limit: number | undefined): Tensor {
    return additiveScores(this.queries.value, this.keys.value, this.v, limit);
  }
}

test("queries that take turns give what they give together, and the same gradients", async () => {
  const model = await new Scored().to(on);
  const outcome = async (limit: number | undefined): Promise<number[][]> => {
    const y = model.forward(limit);
    expect(y.shape).toEqual([b, 1, t, s]);
    const { value, gradients } = valueAndGrad(model, () =>
      sum(mul(model.forward(limit), place(floats([b, 1, t, s], random(4)), on))),
    );
    return Promise.all([y, value, ...gradients.values()].map(async (z) => [...(await z.read())]));
  };
  const together = await outcome(undefined);
  for (const limit of [1, b * s * a * 2, b * s * a * 4]) {
    (await outcome(limit)).forEach((numbers, i) => expectNumbers(numbers, together[i]!, 1e-12));
  }
  expect(together).toHaveLength(5);
});

test("the hidden layer is held for a few queries at a time", async () => {
  const on = cpu();
  const model = await new Scored().to(on);
  const created = (limit: number | undefined): number => {
    let most = 0;
    const before = on.memory().bytes;
    const seen = model.v as unknown as { forward: (x: Tensor) => Tensor };
    const original = seen.forward.bind(model.v);
    seen.forward = (x) => {
      most = Math.max(most, on.memory().bytes - before);
      return original(x);
    };
    model.forward(limit)[Symbol.dispose]();
    seen.forward = original;
    return most;
  };
  expect(created(1)).toBeLessThan(created(undefined) / 2);
});
