import { testComponent } from "@tenon/backend-testkit";
import { RotaryPosition } from "@tenon/positional";
import { random } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { causal } from "./mask/causal.ts";
import { padding } from "./mask/padding.ts";
import { MultiHeadAttention } from "./multi-head-attention.ts";

const x = floats([2, 5, 12], random(1));

testComponent({
  name: "MultiHeadAttention",
  config: { width: 12, heads: 3, bias: false },
  create: (config, random) => new MultiHeadAttention({ ...config, random }),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 5, 12],
  parameters: 4 * 12 * 12,
});
testComponent({
  name: "MultiHeadAttention, causal, rotary, with grouped keys",
  config: { width: 12, heads: 3, keyValueHeads: 1 },
  create: (config, random) => new MultiHeadAttention({ ...config, position: new RotaryPosition({ width: 4 }), random }),
  inputs: (on) => [place(x, on), { mask: causal() }],
  outputShape: [2, 5, 12],
  parameters: 2 * (12 * 12 + 12) + 2 * (4 * 12 + 4),
  causal: 1,
});
const lengths = { dtype: "i32", shape: [2], data: [5, 3] } as const;
testComponent({
  name: "MultiHeadAttention with padding",
  config: { width: 12, heads: 2, bias: false },
  create: (config, random) => new MultiHeadAttention({ ...config, random }),
  inputs: (on) => [place(x, on), { mask: padding(place(lengths, on)) }],
  outputShape: [2, 5, 12],
  parameters: 4 * 12 * 12,
});
