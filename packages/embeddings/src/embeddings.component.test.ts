import { testComponent } from "@tenon/backend-testkit";
import { LayerNorm } from "@tenon/nn";
import { LearnedPosition, SinusoidalPosition } from "@tenon/positional";
import { ids, random, type Backend, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { InputEmbedding } from "./input-embedding.ts";
import { SegmentEmbedding } from "./segment-embedding.ts";
import { TiedOutput } from "./tied-output.ts";
import { TokenEmbedding } from "./token-embedding.ts";

const tokens = (on: Backend): Tensor => ids([3, 1, 4, 0, 2, 2], [2, 3], on, { limit: 5 });
const segments = (on: Backend): Tensor => ids([0, 0, 1, 0, 1, 1], [2, 3], on, { limit: 2 });

testComponent({
  name: "TokenEmbedding",
  config: { vocabulary: 5, width: 4 },
  create: (config, random) => new TokenEmbedding({ ...config, random }),
  inputs: (on) => [tokens(on)],
  outputShape: [2, 3, 4],
  parameters: 20,
});
testComponent({
  name: "SegmentEmbedding",
  config: { width: 4 },
  create: (config, random) => new SegmentEmbedding({ ...config, random }),
  inputs: (on) => [segments(on)],
  outputShape: [2, 3, 4],
  parameters: 8,
});
testComponent({
  name: "InputEmbedding with sinusoids",
  config: { vocabulary: 5, width: 4 },
  create: ({ vocabulary, width }, random) =>
    new InputEmbedding({
      tokens: new TokenEmbedding({ vocabulary, width, random }),
      position: new SinusoidalPosition({ width }),
    }),
  inputs: (on) => [tokens(on)],
  outputShape: [2, 3, 4],
  parameters: 20,
  causal: 1,
});
testComponent({
  name: "InputEmbedding with all that BERT has",
  config: { vocabulary: 5, width: 4, context: 3 },
  create: ({ vocabulary, width, context }, random) =>
    new InputEmbedding({
      tokens: new TokenEmbedding({ vocabulary, width, random: random.fork("tokens") }),
      position: new LearnedPosition({ context, width, random: random.fork("position") }),
      segments: new SegmentEmbedding({ width, random: random.fork("segments") }),
      norm: new LayerNorm(width, { epsilon: 1e-2 }),
    }),
  inputs: (on) => [tokens(on)],
  outputShape: [2, 3, 4],
  parameters: 20 + 12 + 8 + 8,
});
testComponent({
  name: "TiedOutput with a bias",
  config: { vocabulary: 5, width: 4 },
  create: ({ vocabulary, width }, random) =>
    new TiedOutput(new TokenEmbedding({ vocabulary, width, random }), { bias: true }),
  inputs: (on) => [place(floats([2, 3, 4], random(1)), on)],
  outputShape: [2, 3, 5],
  parameters: 25,
});
