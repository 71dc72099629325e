import { testComponent } from "@tenon/backend-testkit";
import { LayerNorm, Linear } from "@tenon/nn";
import { LearnedPosition, SinusoidalPosition } from "@tenon/positional";
import { ids, random, type Backend, type Random, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { FactorisedEmbedding } from "./factorised-embedding.ts";
import { FactorisedOutput } from "./factorised-output.ts";
import { InputEmbedding } from "./input-embedding.ts";
import { PatchEmbedding } from "./patch-embedding.ts";
import { ScaledEmbedding } from "./scaled-embedding.ts";
import { ScaledLogits } from "./scaled-logits.ts";
import { ScaledOutput } from "./scaled-output.ts";
import { SegmentEmbedding } from "./segment-embedding.ts";
import { SoftCappedLogits } from "./soft-capped-logits.ts";
import { TiedOutput } from "./tied-output.ts";
import { TokenEmbedding } from "./token-embedding.ts";
import { TransposedLinear } from "./transposed-linear.ts";

const tokens = (on: Backend): Tensor => ids([3, 1, 4, 0, 2, 2], [2, 3], on, { limit: 5 });
const stream = (on: Backend): Tensor => place(floats([2, 3, 4], random(1)), on);
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
  inputs: (on) => [stream(on)],
  outputShape: [2, 3, 5],
  parameters: 25,
});
testComponent({
  name: "InputEmbedding with all that ALBERT has",
  config: { vocabulary: 5, narrow: 3, width: 4, context: 3 },
  create: ({ vocabulary, narrow, width, context }, random) =>
    new InputEmbedding({
      tokens: new TokenEmbedding({ vocabulary, width: narrow, random: random.fork("tokens") }),
      position: new LearnedPosition({ context, width: narrow, random: random.fork("position") }),
      segments: new SegmentEmbedding({ width: narrow, random: random.fork("segments") }),
      norm: new LayerNorm(narrow, { epsilon: 1e-2 }),
      map: new Linear({ input: narrow, output: width, random: random.fork("map") }),
    }),
  inputs: (on) => [tokens(on)],
  outputShape: [2, 3, 4],
  parameters: 15 + 9 + 6 + 6 + 16,
});
testComponent({
  name: "InputEmbedding of scaled tokens and sinusoids",
  config: { vocabulary: 5, width: 4 },
  create: ({ vocabulary, width }, random) =>
    new InputEmbedding({
      tokens: new ScaledEmbedding(new TokenEmbedding({ vocabulary, width, random })),
      position: new SinusoidalPosition({ width }),
    }),
  inputs: (on) => [tokens(on)],
  outputShape: [2, 3, 4],
  parameters: 20,
  causal: 1,
});
testComponent({
  name: "ScaledEmbedding by a number of its own",
  config: { vocabulary: 5, width: 4, scale: 12 },
  create: ({ vocabulary, width, scale }, random) =>
    new ScaledEmbedding(new TokenEmbedding({ vocabulary, width, random }), { scale }),
  inputs: (on) => [tokens(on)],
  outputShape: [2, 3, 4],
  parameters: 20,
});
const factorised = (
  config: { vocabulary: number; narrow: number; width: number },
  random: Random,
): FactorisedEmbedding =>
  new FactorisedEmbedding({
    tokens: new TokenEmbedding({ vocabulary: config.vocabulary, width: config.narrow, random: random.fork("tokens") }),
    map: new Linear({ input: config.narrow, output: config.width, bias: false, random: random.fork("map") }),
  });
testComponent({
  name: "FactorisedEmbedding",
  config: { vocabulary: 5, narrow: 2, width: 4 },
  create: factorised,
  inputs: (on) => [tokens(on)],
  outputShape: [2, 3, 4],
  parameters: 10 + 8,
});
testComponent({
  name: "FactorisedOutput through the transposed map",
  config: { vocabulary: 5, narrow: 2, width: 4 },
  create: (config, random) => new FactorisedOutput(factorised(config, random), { bias: true }),
  inputs: (on) => [stream(on)],
  outputShape: [2, 3, 5],
  parameters: 10 + 8 + 5,
});
testComponent({
  name: "FactorisedOutput with a way down of its own",
  config: { vocabulary: 5, narrow: 2, width: 4 },
  create: (config, random) =>
    new FactorisedOutput(factorised(config, random), {
      down: new Linear({ input: config.width, output: config.narrow, random: random.fork("down") }),
    }),
  inputs: (on) => [stream(on)],
  outputShape: [2, 3, 5],
  parameters: 10 + 10,
});
testComponent({
  name: "TransposedLinear",
  config: { input: 3, output: 4 },
  create: (config, random) => new TransposedLinear(new Linear({ ...config, random })),
  inputs: (on) => [stream(on)],
  outputShape: [2, 3, 3],
  parameters: 12,
});
testComponent({
  name: "ScaledOutput, as T5 has it",
  config: { vocabulary: 5, width: 4 },
  create: ({ vocabulary, width }, random) =>
    new ScaledOutput(new TiedOutput(new TokenEmbedding({ vocabulary, width, random }))),
  inputs: (on) => [stream(on)],
  outputShape: [2, 3, 5],
  parameters: 20,
});
testComponent({
  name: "ScaledLogits of an untied output",
  config: { input: 4, output: 5, scale: 0.0625 },
  create: ({ input, output, scale }, random) => new ScaledLogits(new Linear({ input, output, random }), scale),
  inputs: (on) => [stream(on)],
  outputShape: [2, 3, 5],
  parameters: 25,
});
testComponent({
  name: "PatchEmbedding with learned positions",
  config: { image: [4, 6], patch: [2, 3], channels: 2, width: 5 } as const,
  create: (config, random) =>
    new PatchEmbedding({
      ...config,
      position: new LearnedPosition({ context: 5, width: config.width, random: random.fork("position") }),
      random,
    }),
  inputs: (on) => [place(floats([2, 2, 4, 6], random(1)), on)],
  outputShape: [2, 5, 5],
  parameters: 2 * 2 * 3 * 5 + 5 + 5 + 5 * 5,
});
testComponent({
  name: "SoftCappedLogits of a scaled output, as wrappers nest",
  config: { vocabulary: 5, width: 4, cap: 0.5 },
  create: ({ vocabulary, width, cap }, random) =>
    new SoftCappedLogits(new ScaledOutput(new TiedOutput(new TokenEmbedding({ vocabulary, width, random }))), cap),
  inputs: (on) => [stream(on)],
  outputShape: [2, 3, 5],
  parameters: 20,
});
