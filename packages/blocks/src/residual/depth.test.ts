import { MultiHeadAttention } from "@tenon/attention";
import { initialise, LayerNorm, Module, valueAndGrad, type Norm } from "@tenon/nn";
import { cpu, mul, random, relu, square, sub, sum, tensor, type Random, type Tensor } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { MLP } from "../feed-forward/mlp.ts";
import { Stack } from "../stack.ts";
import { TransformerBlock } from "../transformer-block.ts";
import { deepNormConstants } from "./deep-norm-constants.ts";
import { deepNormScheme } from "./deep-norm-scheme.ts";
import { DeepNorm } from "./deep-norm.ts";
import { LayerScale } from "./layer-scale.ts";
import { PostNorm } from "./post-norm.ts";
import { PreNorm } from "./pre-norm.ts";
import { ReZero } from "./re-zero.ts";
import type { Residual } from "./residual.ts";

const width = 16;
const shape = [2, 6, width];
const seeds = [0, 1, 2, 3, 4];
const on = cpu({ precision: "f64" });
const norm = (): LayerNorm => new LayerNorm(width);
const noise = (random: Random): Tensor =>
  tensor(
    Float64Array.from({ length: 2 * 6 * width }, () => random.normal()),
    shape,
    on,
  );
const sizeOf = async (x: Tensor): Promise<number> => Math.sqrt((await sum(square(x)).read())[0]!);
const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

/** How a stack begins: its connections, the gain β of what DeepNorm names, and the norm at its end if there is one. */
interface Beginning {
  readonly residual: () => Residual;
  readonly gain?: number;
  readonly last?: Norm;
}

/** A stack as the analyses have it: Xavier's normal weights, no biases but the norms', a feed-forward part as wide as the stream. */
class Model extends Module<[x: Tensor], Tensor> {
  readonly blocks: Stack;
  readonly last: Norm | undefined;

  constructor(layers: number, random: Random, { residual, gain = 1, last }: Beginning) {
    super();
    this.blocks = new Stack(layers, (layer) => {
      const stream = random.fork(layer);
      const attention = new MultiHeadAttention({ width, heads: 2, bias: false, random: stream.fork("attention") });
      const feedForward = new MLP({
        width,
        hidden: width,
        activation: relu,
        bias: false,
        random: stream.fork("feedForward"),
      });
      return new TransformerBlock({ attention, feedForward, residual });
    });
    this.last = last;
    initialise(this, deepNormScheme({ beta: gain }), random);
  }

  protected override compute(x: Tensor): Tensor {
    const y = this.blocks.forward(x);
    return this.last?.forward(y) ?? y;
  }
}

/** The median over some seeds of what is measured on a stack at its beginning, with an input and a gradient that comes from above. */
async function measured(
  layers: number,
  beginning: () => Beginning,
  measure: (model: Model, x: Tensor, loss: () => Tensor) => Promise<number>,
): Promise<number> {
  const found: number[] = [];
  for (const seed of seeds) {
    const stream = random(seed);
    const model = await new Model(layers, stream.fork("model"), beginning()).to(on);
    const [x, upstream] = [noise(stream.fork("x")), noise(stream.fork("upstream"))];
    found.push(await measure(model, x, () => sum(mul(model.forward(x), upstream))));
    model[Symbol.dispose]();
  }
  return median(found);
}

describe("the gradient of the last feed-forward weight at the beginning (Xiong et al. 2020, theorem 1)", () => {
  const gradients = (beginning: () => Beginning): Promise<number[]> =>
    Promise.all(
      [2, 8, 32].map((layers) =>
        measured(layers, beginning, async (model, _, loss) => {
          const weight = model.parameters().get(`blocks.${layers - 1}.feedForward.down.weight`)!;
          return sizeOf(valueAndGrad(model, loss).gradients.get(weight)!);
        }),
      ),
    );

  test("is as large at any depth with post-norm", async () => {
    const [two, eight, many] = await gradients(() => ({ residual: () => new PostNorm({ norm: norm() }) }));
    for (const deeper of [eight!, many!]) {
      expect(deeper / two!).toBeGreaterThan(0.75);
      expect(deeper / two!).toBeLessThan(1.35);
    }
  });

  test("falls with the square root of the depth with pre-norm", async () => {
    const [two, eight, many] = await gradients(() => ({ residual: () => new PreNorm({ norm: norm() }), last: norm() }));
    // Twice for a depth four times as large, and less while the stream's own beginning counts.
    for (const ratio of [two! / eight!, eight! / many!]) {
      expect(ratio).toBeGreaterThan(1.4);
      expect(ratio).toBeLessThan(2.6);
    }
  });
});

describe("how far one step of gradient descent on the weights moves what a stack gives (Wang et al. 2022, theorem 4.2)", () => {
  const rate = 1e-6;
  const updates = (beginning: (layers: number) => Beginning): Promise<number[]> =>
    Promise.all(
      [2, 8, 32].map((layers) =>
        measured(
          layers,
          () => beginning(layers),
          async (model, x, loss) => {
            const before = model.forward(x);
            const { gradients } = valueAndGrad(model, loss);
            for (const [parameter, gradient] of gradients) {
              if (gradient.rank !== 2) continue; // the analysis leaves the norms' parameters as they are
              const step = await gradient.read();
              parameter.assign(Float64Array.from(await parameter.host(), (value, i) => value - rate * step[i]!));
            }
            return (await sizeOf(sub(model.forward(x), before))) / rate;
          },
        ),
      ),
    );

  test("is bounded at any depth with DeepNorm", async () => {
    const [two, eight, many] = await updates((layers) => {
      const { alpha, beta } = deepNormConstants({ encoder: layers }).encoder;
      return { residual: () => new DeepNorm({ norm: norm(), alpha }), gain: beta };
    });
    for (const deeper of [eight!, many!]) {
      expect(deeper / two!).toBeGreaterThan(0.75);
      expect(deeper / two!).toBeLessThan(1.25);
    }
  });

  test("explodes with post-norm", async () => {
    const [two, eight, many] = await updates(() => ({ residual: () => new PostNorm({ norm: norm() }) }));
    expect(eight! / two!).toBeGreaterThan(4);
    expect(many! / eight!).toBeGreaterThan(4);
  });
});

describe("at the beginning", () => {
  const [x, layers] = [noise(random(9)), 32] as const;

  test("a stack with ReZero is the identity, and every α has a gradient", async () => {
    const model = await new Model(layers, random(1), { residual: () => new ReZero() }).to(on);
    expect(await model.forward(x).read()).toEqual(await x.read());
    const { gradients } = valueAndGrad(model, () => sum(square(model.forward(x))));
    const alphas = [...model.parameters()].filter(([path]) => path.endsWith("alpha"));
    expect(alphas).toHaveLength(2 * layers);
    for (const [, alpha] of alphas) expect((await gradients.get(alpha)!.read())[0]).not.toBe(0);
  });

  test("a stack with LayerScale is near the identity, the nearer the smaller λ", async () => {
    const distance = async (initial: number): Promise<number> => {
      const residual = (): Residual => new LayerScale({ norm: norm(), width, initial });
      const model = await new Model(layers, random(1), { residual }).to(on);
      return (await sizeOf(sub(model.forward(x), x))) / (await sizeOf(x));
    };
    const [near, nearer] = [await distance(1e-4), await distance(1e-5)];
    expect(near).toBeLessThan(0.01);
    expect(nearer).toBeGreaterThan(0);
    // So near, what the layers add is linear in λ.
    expect(near / nearer).toBeCloseTo(10, 1);
  });
});
