import { LayerNorm, Linear, Module, recompute, valueAndGrad, withDropout } from "@tenon/nn";
import { add, cpu, expand, mean, mul, random, sum, tanh, tensor, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { DeepNorm } from "./deep-norm.ts";
import { LayerScale } from "./layer-scale.ts";
import { NoResidual } from "./no-residual.ts";
import { PostNorm } from "./post-norm.ts";
import { PreNorm } from "./pre-norm.ts";
import { ReZero } from "./re-zero.ts";
import type { Residual } from "./residual.ts";
import { SandwichNorm } from "./sandwich-norm.ts";
import { Shortcut } from "./shortcut.ts";
import { depthRate, StochasticDepth } from "./stochastic-depth.ts";

const on = cpu({ precision: "f64" });
const [samples, t, d] = [64, 2, 3] as const;
const x = tensor(
  Float64Array.from({ length: samples * t * d }, (_, i) => Math.sin(i * i)),
  [samples, t, d],
  on,
);
const rate = 0.25;

const wrapped: [string, () => Residual][] = [
  ["PreNorm", () => new PreNorm({ norm: new LayerNorm(d) })],
  ["PostNorm", () => new PostNorm({ norm: new LayerNorm(d) })],
  ["DeepNorm", () => new DeepNorm({ norm: new LayerNorm(d), alpha: 1.5 })],
  ["LayerScale", () => new LayerScale({ norm: new LayerNorm(d), width: d, initial: 0.5 })],
  ["Shortcut", () => new Shortcut()],
];

describe.each(wrapped)("around a %s", (_, make) => {
  test("it changes nothing outside training", async () => {
    const residual = await make().to(on);
    const part = new StochasticDepth({ residual, rate });
    expect(await part.forward(x, tanh).read()).toEqual(await residual.forward(x, tanh).read());
  });

  test("each sample skips the sublayer, or has it divided by what stays", async () => {
    const residual = await make().to(on);
    const part = new StochasticDepth({ residual, rate });
    const y = await withDropout(part, random(1), 0, () => part.forward(x, tanh)).read();
    const skipped = await residual.forward(x, (y) => mul(tanh(y), 0)).read();
    const kept = await residual.forward(x, (y) => mul(tanh(y), 1 / (1 - rate))).read();
    const size = t * d;
    let count = 0;
    for (let sample = 0; sample < samples; sample++) {
      const of = (values: ArrayLike<number>): number[] => Array.from(values).slice(sample * size, (sample + 1) * size);
      const isSkipped = of(y).every((value, i) => Math.abs(value - of(skipped)[i]!) < 1e-12);
      if (!isSkipped) of(y).forEach((value, i) => expect(value).toBeCloseTo(of(kept)[i]!, 12));
      if (isSkipped) count++;
    }
    // 64 draws at 0.25: 16 ± 3.5
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(27);
  });
});

test("in expectation a sublayer adds the same in training and in use", async () => {
  const part = new StochasticDepth({ residual: new Shortcut(), rate });
  const one = tensor(new Float64Array(4000).fill(1), [4000, 1], on);
  const y = withDropout(part, random(1), 0, () => mean(part.forward(one, (y) => y)));
  expect((await y.read())[0]).toBeCloseTo(2, 1);
});

test("what is one for all samples is dropped for some of them", async () => {
  const part = new StochasticDepth({ residual: new Shortcut(), rate });
  const run = (sublayer: (y: Tensor) => Tensor): ReturnType<Tensor["read"]> =>
    withDropout(part, random(1), 0, () => part.forward(x, sublayer)).read();
  for (const shape of [[d], [1, 1, d], [t, d]]) {
    const row = tensor(
      Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i + 1),
      shape,
      on,
    );
    expect(await run(() => row)).toEqual(await run((y) => expand(row, y.shape)));
  }
});

/** A stack of two, whose second half may be run again for the gradients. */
class Model extends Module<[x: Tensor, again: boolean], Tensor> {
  readonly maps: Linear[] = [1, 2].map((seed) => new Linear({ input: d, output: d, random: random(seed) }));
  readonly residuals: StochasticDepth[] = [0, 1].map(
    (layer) => new StochasticDepth({ residual: new Shortcut(), rate: depthRate(layer, 2, 0.5) }),
  );
  protected override compute(x: Tensor, again: boolean): Tensor {
    const layer = (place: number) => (x: Tensor) =>
      this.residuals[place]!.forward(x, (y) => tanh(this.maps[place]!.forward(y)));
    const h = layer(0)(x);
    return sum(mul(again ? recompute([h], layer(1)) : layer(1)(h), 1));
  }
}

test("who skips is a function of seed, path and step, also when the layer runs again for the gradients", async () => {
  const model = await new Model().to(on);
  const run = async (seed: number, step: number, again = false): Promise<ArrayLike<number>[]> => {
    const { value, gradients } = withDropout(model, random(seed), step, () =>
      valueAndGrad(model, () => model.forward(x, again)),
    );
    return Promise.all([value, ...gradients.values()].map((tensor) => tensor.read()));
  };
  const once = await run(1, 0);
  expect(await run(1, 0)).toEqual(once);
  expect(await run(1, 0, true)).toEqual(once);
  expect(await run(1, 1)).not.toEqual(once);
  expect(await run(2, 0)).not.toEqual(once);
});

test("depthRate rises linearly from 1 / L of the last rate to the last", () => {
  expect([0, 1, 2, 3].map((layer) => depthRate(layer, 4, 0.2)).map((rate) => rate.toFixed(3))).toEqual([
    "0.050",
    "0.100",
    "0.150",
    "0.200",
  ]);
});

test("what cannot be skipped, and bad numbers, are refused", () => {
  const norm = (): LayerNorm => new LayerNorm(d);
  expect(() => new StochasticDepth({ residual: new NoResidual(), rate })).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: StochasticDepth: a NoResidual has no way around the sublayer that a sample could take; wrap a Shortcut, a PreNorm or another connection]`,
  );
  expect(
    () => new StochasticDepth({ residual: new SandwichNorm({ before: norm(), after: norm() }), rate }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[ConfigError: StochasticDepth: the second norm of a SandwichNorm undoes what is done to the sublayer's samples; wrap a PreNorm around a sublayer that ends with that norm]`,
  );
  expect(() => new StochasticDepth({ residual: new ReZero(), rate: 1 })).toThrow(
    "StochasticDepth: rate must be at least 0 and below 1, got 1",
  );
  expect(() => depthRate(4, 4, 0.5)).toThrow("depthRate: layer must be a whole number from 0 to 3, got 4");
  expect(() => depthRate(0.5, 4, 0.5)).toThrow("depthRate: layer must be a whole number from 0 to 3, got 0.5");
  expect(() => depthRate(0, 0, 0.5)).toThrow("depthRate: layers must be a whole number from 1 up, got 0");
  expect(() => depthRate(0, 1, 1)).toThrow("depthRate: last must be at least 0 and below 1, got 1");
});

test("the way out that the error for a SandwichNorm names works", async () => {
  const [before, after] = [await new LayerNorm(d).to(on), await new LayerNorm(d).to(on)];
  const part = new StochasticDepth({ residual: new PreNorm({ norm: before }), rate });
  const y = part.forward(x, (y) => after.forward(tanh(y)));
  expect(await y.read()).toEqual(await add(x, after.forward(tanh(before.forward(x)))).read());
});
