import { Dropout, Embedding, LayerNorm, Linear, RMSNorm } from "@tenon/nn";
import { ids, random } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { testComponent } from "./test-component.ts";

const x = floats([2, 3, 5], random(1));

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
