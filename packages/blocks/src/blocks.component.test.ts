import { causal, MultiHeadAttention } from "@tenon/attention";
import { testComponent } from "@tenon/backend-testkit";
import { LayerNorm, RMSNorm } from "@tenon/nn";
import { RotaryPosition } from "@tenon/positional";
import { random, tensor, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { GatedMLP } from "./feed-forward/gated-mlp.ts";
import { GatedExperts } from "./feed-forward/mixture/gated-experts.ts";
import { MixtureOfExperts } from "./feed-forward/mixture/mixture-of-experts.ts";
import { TopKRouter } from "./feed-forward/mixture/top-k-router.ts";
import { MLP } from "./feed-forward/mlp.ts";
import { BidirectionalGRU } from "./recurrent/bidirectional-gru.ts";
import { GRU } from "./recurrent/gru.ts";
import { GRUCell } from "./recurrent/gru-cell.ts";
import { PostNorm } from "./residual/post-norm.ts";
import { PreNorm } from "./residual/pre-norm.ts";
import { Stack } from "./stack.ts";
import { TransformerBlock } from "./transformer-block.ts";

const width = 8;
const x = floats([2, 3, width], random(1));
/** The result to look at; the caller would otherwise have to free the others. */
const alone = (result: Tensor, ...others: readonly Tensor[]): Tensor => {
  for (const other of others) other[Symbol.dispose]();
  return result;
};

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
  name: "TopKRouter",
  config: { experts: 5, expertsPerToken: 3 },
  create: (config, random) => new TopKRouter({ ...config, width, random }),
  inputs: (on) => [place(x, on)],
  output: ({ weights, logits, chosen }) => alone(weights, logits, chosen),
  outputShape: [2, 3, 3],
  parameters: 5 * 8,
  causal: 1,
});
testComponent({
  name: "GatedExperts",
  config: { count: 3, hidden: 5 },
  create: (config, random) => new GatedExperts({ ...config, width, random }),
  inputs: (on) => [
    place(x, on),
    {
      chosen: tensor([0, 1, 2, 1, 0, 2, 2, 0, 1, 2, 1, 0], [2, 3, 2], on, "i32"),
      weights: place(floats([2, 3, 2], random(2)), on),
      logits: place(floats([2, 3, 3], random(3)), on),
    },
  ],
  outputShape: x.shape,
  parameters: 3 * 3 * 8 * 5,
});
testComponent({
  name: "MixtureOfExperts with a shared expert",
  config: { experts: 3, expertsPerToken: 2, hidden: 5 },
  create: ({ experts, expertsPerToken, hidden }, random) =>
    new MixtureOfExperts({
      router: new TopKRouter({ width, experts, expertsPerToken, random: random.fork("router") }),
      experts: new GatedExperts({ count: experts, width, hidden, random: random.fork("experts") }),
      shared: new GatedMLP({ width, hidden, random: random.fork("shared") }),
    }),
  inputs: (on) => [place(x, on)],
  outputShape: x.shape,
  parameters: 3 * 8 + 3 * 3 * 8 * 5 + 3 * 8 * 5,
  causal: 1,
});
testComponent({
  name: "GRUCell with the reset before",
  config: { hidden: 4 },
  create: (config, random) => new GRUCell({ ...config, input: width, random }),
  inputs: (on) => [place(floats([3, width], random(1)), on), place(floats([3, 4], random(2)), on)],
  outputShape: [3, 4],
  parameters: 12 * 8 + 12 + 12 * 4,
});
testComponent({
  name: "GRUCell with the reset after",
  config: { hidden: 4 },
  create: (config, random) => new GRUCell({ ...config, input: width, reset: "after", random }),
  inputs: (on) => [place(floats([3, width], random(1)), on), place(floats([3, 4], random(2)), on)],
  outputShape: [3, 4],
  parameters: 12 * 8 + 12 + 12 * 4 + 4,
});
testComponent({
  name: "GRU",
  config: { hidden: 4 },
  create: (config, random) => new GRU({ ...config, input: width, random }),
  inputs: (on) => [place(x, on)],
  output: ({ outputs, state }) => alone(outputs, state),
  outputShape: [2, 3, 4],
  parameters: 12 * 8 + 12 + 12 * 4,
  causal: 1,
});
testComponent({
  name: "BidirectionalGRU over lengths",
  config: { hidden: 4 },
  create: (config, random) => new BidirectionalGRU({ ...config, input: width, random }),
  inputs: (on) => [place(x, on), { lengths: tensor([3, 2], [2], on, "i32") }],
  output: ({ outputs, states }) => alone(outputs, states.forwards, states.backwards),
  outputShape: [2, 3, 8],
  parameters: 2 * (12 * 8 + 12 + 12 * 4),
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
