import { Conv2d, Dropout, Embedding, GroupNorm, LayerNorm, Linear, Maxout, RMSNorm, ScaleNorm } from "@tenon/nn";
import { ids, random } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { testComponent } from "./test-component.ts";

const x = floats([2, 3, 5], random(1));
const pictures = floats([2, 6, 4, 5], random(3));

testComponent({
  name: "Linear",
  config: { input: 5, output: 4 },
  create: (config, random) => new Linear({ ...config, random }),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 4],
  parameters: 24,
});
testComponent({
  name: "Linear without a bias",
  config: { input: 5, output: 4, bias: false },
  create: (config, random) => new Linear({ ...config, random }),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 4],
  parameters: 20,
});
testComponent({
  name: "Maxout",
  config: { input: 5, output: 4, pieces: 3 },
  create: (config, random) => new Maxout({ ...config, random }),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 4],
  parameters: 72,
});
testComponent({
  name: "LayerNorm",
  config: { width: 5, epsilon: 1e-3 },
  create: ({ width, epsilon }) => new LayerNorm(width, { epsilon }),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 5],
  parameters: 10,
  seeded: false,
});
testComponent({
  name: "RMSNorm",
  config: { width: 5 },
  create: ({ width }) => new RMSNorm(width),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 5],
  parameters: 5,
  seeded: false,
});
testComponent({
  name: "RMSNorm with a unit offset",
  config: { width: 5, unitOffset: true },
  create: ({ width, unitOffset }) => new RMSNorm(width, { unitOffset }),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 5],
  parameters: 5,
  seeded: false,
});
testComponent({
  name: "ScaleNorm",
  config: { width: 5 },
  create: ({ width }) => new ScaleNorm(width),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 5],
  parameters: 1,
  seeded: false,
  causal: 1,
});
testComponent({
  name: "GroupNorm of pictures",
  config: { channels: 6, groups: 2 },
  create: (config) => new GroupNorm(config),
  inputs: (on) => [place(pictures, on)],
  outputShape: [2, 6, 4, 5],
  parameters: 12,
  seeded: false,
});
testComponent({
  name: "GroupNorm of rows",
  config: { channels: 5, groups: 1 },
  create: (config) => new GroupNorm(config),
  inputs: (on) => [place(floats([3, 5], random(2)), on)],
  outputShape: [3, 5],
  parameters: 10,
  seeded: false,
});
testComponent({
  name: "Conv2d",
  config: { options: { input: 6, output: 4, kernel: 3 }, walk: { stride: 2, padding: 1, groups: 2 } },
  create: ({ options, walk }, random) => new Conv2d({ ...options, random }, walk),
  inputs: (on) => [place(pictures, on)],
  outputShape: [2, 4, 2, 3],
  parameters: 4 * 3 * 9 + 4,
});
testComponent({
  name: "Conv2d without a bias",
  config: { input: 6, output: 3, kernel: 1, bias: false },
  create: (config, random) => new Conv2d({ ...config, random }),
  inputs: (on) => [place(pictures, on)],
  outputShape: [2, 3, 4, 5],
  parameters: 18,
});
testComponent({
  name: "Embedding",
  config: { count: 4, width: 3 },
  create: (config, random) => new Embedding({ ...config, random }),
  inputs: (on) => [ids([0, 1, 2, 3, 3, 2], [2, 3], on, { limit: 4 })],
  outputShape: [2, 3, 3],
  parameters: 12,
});
testComponent({
  name: "Dropout, which passes everything through outside training",
  config: { rate: 0.5 },
  create: ({ rate }) => new Dropout(rate),
  inputs: (on) => [place(x, on)],
  outputShape: [2, 3, 5],
  parameters: 0,
});
