import { testComponent } from "@tenon/backend-testkit";
import { RMSNorm } from "@tenon/nn";
import { RotaryPosition } from "@tenon/positional";
import { random } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { AdditiveAttention } from "./additive-attention.ts";
import type { AttentionVariant } from "./attention-variant.ts";
import { LatentAttention } from "./latent-attention.ts";
import { LinearAttention } from "./linear-attention.ts";
import { all } from "./mask/all.ts";
import { causal } from "./mask/causal.ts";
import { leftPadding } from "./mask/left-padding.ts";
import { padding } from "./mask/padding.ts";
import { window } from "./mask/window.ts";
import { MultiHeadAttention } from "./multi-head-attention.ts";
import { MultiHeadCrossAttention } from "./multi-head-cross-attention.ts";
import { MultiplicativeAttention, type MultiplicativeScore } from "./multiplicative-attention.ts";

const x = floats([2, 5, 12], random(1));
const memory = floats([2, 4, 6], random(2));
const lengths = { dtype: "i32", shape: [2], data: [4, 2] } as const;

testComponent({
  name: "MultiHeadAttention with heads of a width of their own, sinks, QK-norm, gated elements, a soft cap and a window",
  config: { width: 12, heads: 2, bias: { input: true, output: false } },
  create: (config, random) => {
    const position = new RotaryPosition({ width: 4 });
    const variant: AttentionVariant = {
      headWidth: 4,
      scale: 0.7,
      softCap: 2,
      sinks: true,
      headNorm: (width) => new RMSNorm(width),
      gate: "element",
      mask: window(3),
    };
    return new MultiHeadAttention({ ...config, position, variant, random });
  },
  inputs: (on) => [place(x, on), { mask: causal() }],
  outputShape: [2, 5, 12],
  parameters: 4 * (12 * 8 + 8) + 12 * 8 + 2 * 4 + 2,
  causal: 1,
});
testComponent({
  name: "MultiHeadAttention with gated heads",
  config: { width: 12, heads: 3, variant: { gate: "head" as const } },
  create: (config, random) => new MultiHeadAttention({ ...config, random }),
  inputs: (on) => [place(x, on), { mask: padding(place(lengths, on)) }],
  outputShape: [2, 5, 12],
  parameters: 4 * (12 * 12 + 12) + 12 * 3 + 3,
});
testComponent({
  name: "MultiHeadCrossAttention with grouped keys, a memory of another width and padding",
  config: {
    width: 12,
    memoryWidth: 6,
    heads: 4,
    keyValueHeads: 2,
    bias: false,
    variant: { headWidth: 2, sinks: true },
  },
  create: (config, random) => new MultiHeadCrossAttention({ ...config, random }),
  inputs: (on) => [place(x, on), place(memory, on), { mask: padding(place(lengths, on)) }],
  outputShape: [2, 5, 12],
  parameters: 2 * 12 * 8 + 2 * 6 * 4 + 4,
});
testComponent({
  name: "AdditiveAttention",
  config: { width: 12, memoryWidth: 6, hidden: 5 },
  create: (config, random) => new AdditiveAttention({ ...config, random }),
  inputs: (on) => [place(x, on), place(memory, on), { mask: padding(place(lengths, on)) }],
  outputShape: [2, 5, 6],
  parameters: 12 * 5 + 6 * 5 + 5,
});
testComponent({
  name: "AdditiveAttention with a projection",
  config: { width: 12, memoryWidth: 6, output: true },
  create: (config, random) => new AdditiveAttention({ ...config, random }),
  inputs: (on) => [place(x, on), place(memory, on)],
  outputShape: [2, 5, 12],
  parameters: 12 * 12 + 6 * 12 + 12 + 6 * 12 + 12,
});
const scores: readonly (readonly [MultiplicativeScore, boolean, number])[] = [
  ["general", false, 6 * 12],
  ["concat", true, 12 * 12 + 6 * 12 + 12 + 18 * 12],
];
for (const [score, output, parameters] of scores) {
  testComponent({
    name: `MultiplicativeAttention, ${score}`,
    config: { width: 12, memoryWidth: 6, score, output },
    create: (config, random) => new MultiplicativeAttention({ ...config, random }),
    inputs: (on) => [place(x, on), place(memory, on), { mask: padding(place(lengths, on)) }],
    outputShape: [2, 5, output ? 12 : 6],
    parameters,
  });
}
testComponent({
  name: "MultiplicativeAttention, dot",
  config: { width: 6, score: "dot" as const },
  create: (config, random) => new MultiplicativeAttention({ ...config, random }),
  inputs: (on) => [place(memory, on), place(memory, on)],
  outputShape: [2, 4, 6],
  parameters: 0,
});
testComponent({
  name: "LatentAttention, causal, rotary, with a latent for queries",
  config: { width: 12, heads: 3, latentWidth: 5, queryLatentWidth: 7, variant: { valueWidth: 3, softCap: 3 } },
  create: (config, random) => new LatentAttention({ ...config, position: new RotaryPosition({ width: 2 }), random }),
  inputs: (on) => [place(x, on), { mask: causal() }],
  outputShape: [2, 5, 12],
  parameters: 12 * 7 + 7 + 7 * 18 + 12 * 5 + 5 + 12 * 2 + 12 * 5 + 9 * 5 + 9 * 12,
  causal: 1,
});
testComponent({
  name: "LatentAttention with a window and padding",
  config: { width: 12, heads: 2, latentWidth: 4, variant: { headWidth: 2 } },
  create: ({ variant, ...config }, random) =>
    new LatentAttention({ ...config, variant: { ...variant, mask: window(2) }, random }),
  inputs: (on) => [place(x, on), { mask: all(causal(), padding(place(lengths, on))) }],
  outputShape: [2, 5, 12],
  parameters: 12 * 6 + 12 * 4 + 4 + 12 * 1 + 2 * 4 * 4 + 4 * 12,
});
testComponent({
  name: "LinearAttention, causal, rotary",
  config: { width: 12, heads: 3, causal: true },
  create: (config, random) => new LinearAttention({ ...config, position: new RotaryPosition({ width: 4 }), random }),
  inputs: (on) => [place(x, on), { mask: causal() }],
  outputShape: [2, 5, 12],
  parameters: 4 * (12 * 12 + 12),
  causal: 1,
});
testComponent({
  name: "LinearAttention with padding",
  config: { width: 12, heads: 3, causal: false, bias: false },
  create: (config, random) => new LinearAttention({ ...config, random }),
  inputs: (on) => [place(x, on), { mask: padding(place(lengths, on)) }],
  outputShape: [2, 5, 12],
  parameters: 4 * 12 * 12,
});
testComponent({
  name: "LinearAttention, causal, rotary, padded on both sides",
  config: { width: 12, heads: 2, causal: true },
  create: (config, random) => new LinearAttention({ ...config, position: new RotaryPosition({ width: 6 }), random }),
  inputs: (on) => {
    const paddings = place({ dtype: "i32", shape: [2], data: [1, 0] }, on);
    return [place(x, on), { mask: all(causal(), leftPadding(paddings), padding(place(lengths, on))) }];
  },
  outputShape: [2, 5, 12],
  parameters: 4 * (12 * 12 + 12),
  causal: 1,
});
