import { causal, MultiHeadAttention, padding, type Mask } from "@tenon/attention";
import { checkGradients, LayerNorm, Module, normal, RMSNorm, trace, type Initialiser } from "@tenon/nn";
import { RotaryPosition } from "@tenon/positional";
import { add, cpu, mul, random, sum, tensor, type Backend, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { GatedMLP } from "./feed-forward/gated-mlp.ts";
import { MLP } from "./feed-forward/mlp.ts";
import { PostNorm } from "./residual/post-norm.ts";
import { PreNorm } from "./residual/pre-norm.ts";
import type { Sublayer } from "./residual/residual.ts";
import { TransformerBlock } from "./transformer-block.ts";

const width = 4;
const seed = random(1);
const wave = (size: number, speed: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => Math.sin(speed * i + 1));
const gpt = (): TransformerBlock =>
  new TransformerBlock({
    attention: new MultiHeadAttention({ width, heads: 2, random: seed.fork("attention") }),
    feedForward: new MLP({ width, hidden: 6, random: seed.fork("feedForward") }),
    residual: () => new PreNorm({ norm: new LayerNorm(width) }),
  });
const bert = (): TransformerBlock =>
  new TransformerBlock({
    attention: new MultiHeadAttention({ width, heads: 2, random: seed.fork("attention") }),
    feedForward: new MLP({ width, hidden: 6, random: seed.fork("feedForward") }),
    residual: () => new PostNorm({ norm: new LayerNorm(width) }),
  });
const llama = (): TransformerBlock =>
  new TransformerBlock({
    attention: new MultiHeadAttention({
      width,
      heads: 2,
      keyValueHeads: 1,
      bias: false,
      position: new RotaryPosition({ width: 2 }),
      random: seed.fork("attention"),
    }),
    feedForward: new GatedMLP({ width, hidden: 6, random: seed.fork("feedForward") }),
    residual: () => new PreNorm({ norm: new RMSNorm(width) }),
  });

test.each<[string, () => TransformerBlock, number, (on: Backend) => Mask]>([
  ["GPT's", gpt, 16, () => causal()],
  ["BERT's", bert, 16, (on) => padding(tensor([3, 2], [2], on, "i32"))],
  ["Llama's", llama, 9, () => causal()],
])("%s block: every gradient agrees with central differences", async (_, make, count, mask) => {
  const on = cpu({ precision: "f64" });
  const block = await make().to(on);
  expect(block.parameters().size).toBe(count);
  const x = tensor(wave(24, 2), [2, 3, width], on);
  const weight = tensor(wave(24, 5), [2, 3, width], on);
  const chosen = mask(on);
  await checkGradients(block, () => sum(mul(block.forward(x, { mask: chosen }), weight)), {
    samples: 4,
    tolerance: 1e-6,
  });
});

test("each sublayer has a norm of its own", () => {
  const paths = [...gpt().parameters().keys()].filter((path) => path.includes("norm"));
  expect(paths).toEqual([
    "attentionResidual.norm.weight",
    "attentionResidual.norm.bias",
    "feedForwardResidual.norm.weight",
    "feedForwardResidual.norm.bias",
  ]);
});

test("the stream can be read before, between and after; added parts sum up to it", async () => {
  const on = cpu({ precision: "f64" });
  const block = await gpt().to(on);
  const x = tensor(wave(24, 2), [2, 3, width], on);
  const before = on.memory().tensors;
  const { output, taps } = trace(block, ["input", "middle", "output", "*.added", "feedForward.hidden"], () =>
    block.forward(x),
  );
  const only = (name: string): Tensor => taps[name]![0]!;
  const middle = await add(only("input"), only("attentionResidual.added")).read();
  expect(await only("middle").read()).toEqual(middle);
  expect(await add(only("middle"), only("feedForwardResidual.added")).read()).toEqual(await output.read());
  expect(await only("input").read()).toEqual(await x.read());
  expect(on.memory().tensors).toBeGreaterThan(before);
});

test("a residual scheme of a stranger fits", async () => {
  class Scaled extends Module<[x: Tensor, sublayer: Sublayer], Tensor> {
    protected override compute(x: Tensor, sublayer: Sublayer): Tensor {
      return add(x, mul(sublayer(x), 0));
    }
  }
  const on = cpu();
  const block = await new TransformerBlock({
    attention: new MultiHeadAttention({ width, heads: 2, random: seed }),
    feedForward: new MLP({ width, hidden: 6, random: seed }),
    residual: () => new Scaled(),
  }).to(on);
  const x = tensor(wave(8, 1), [1, 2, width], on);
  expect(await block.forward(x).read()).toEqual(await x.read());
});

test("initial values can be chosen for all weights of a part", async () => {
  const initial: Initialiser = (random) => normal(random, 1e-3);
  const parts = [
    new MLP({ width, hidden: 6, bias: false, random: seed, initial }),
    new GatedMLP({ width, hidden: 6, random: seed, initial }),
  ];
  for (const part of parts) {
    for (const parameter of part.parameters().values()) {
      const values = await parameter.host();
      expect(Math.max(...values)).toBeLessThan(0.01);
      expect(Math.max(...values)).toBeGreaterThan(0);
    }
  }
});

test("forward leaves nothing but its result", async () => {
  const on = cpu();
  const block = await llama().to(on);
  using x = tensor(wave(24, 2), [2, 3, width], on);
  const before = on.memory().tensors;
  const y = block.forward(x, { mask: causal() });
  expect(on.memory().tensors).toBe(before + 1);
  y[Symbol.dispose]();
});
