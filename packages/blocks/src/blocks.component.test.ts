import { causal, MultiHeadAttention } from "@tenon/attention";
import { testComponent } from "@tenon/backend-testkit";
import { LayerNorm, RMSNorm } from "@tenon/nn";
import { RotaryPosition } from "@tenon/positional";
import { random } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { GatedMLP } from "./feed-forward/gated-mlp.ts";
import { MLP } from "./feed-forward/mlp.ts";
import { PostNorm } from "./residual/post-norm.ts";
import { PreNorm } from "./residual/pre-norm.ts";
import { Stack } from "./stack.ts";
import { TransformerBlock } from "./transformer-block.ts";

const width = 8;
const x = floats([2, 3, width], random(1));

testComponent({
  name: "MLP",
  config: { width, hidden: 11 },
  create: (config, random) => new MLP({ ...config, random }),
  inputs: (on) => [place(x, on)],
  outputShape: x.shape,
  parameters: 2 * 8 * 11 + 11 + 8,
});
testComponent({
  name: "GatedMLP",
  config: { width, hidden: 7 },
  create: (config, random) => new GatedMLP({ ...config, random }),
  inputs: (on) => [place(x, on)],
  outputShape: x.shape,
  parameters: 3 * 8 * 7,
});
testComponent({
  name: "TransformerBlock with a norm before, causal",
  config: { heads: 2, hidden: 9 },
  create: ({ heads, hidden }, random) =>
    new TransformerBlock({
      attention: new MultiHeadAttention({
        width,
        heads,
        position: new RotaryPosition({ width: width / heads }),
        bias: false,
        random: random.fork("attention"),
      }),
      feedForward: new GatedMLP({ width, hidden, random: random.fork("feedForward") }),
      residual: () => new PreNorm({ norm: new RMSNorm(width) }),
    }),
  inputs: (on) => [place(x, on), { mask: causal() }],
  outputShape: x.shape,
  parameters: 4 * 8 * 8 + 3 * 8 * 9 + 2 * 8,
  causal: 1,
});
testComponent({
  name: "Stack of TransformerBlocks with a norm after",
  config: { layers: 2, heads: 2, hidden: 9 },
  create: ({ layers, heads, hidden }, random) =>
    new Stack(layers, (layer) => {
      const stream = random.fork(layer);
      return new TransformerBlock({
        attention: new MultiHeadAttention({ width, heads, bias: false, random: stream.fork("attention") }),
        feedForward: new MLP({ width, hidden, random: stream.fork("feedForward") }),
        residual: () => new PostNorm({ norm: new LayerNorm(width) }),
      });
    }),
  inputs: (on) => [place(x, on)],
  outputShape: x.shape,
  parameters: 2 * (4 * 8 * 8 + 2 * 8 * 9 + 9 + 8 + 4 * 8),
});
