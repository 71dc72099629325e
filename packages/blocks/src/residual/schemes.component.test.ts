import { testComponent } from "@tenon/backend-testkit";
import { Conv2d, LayerNorm, Linear, RMSNorm } from "@tenon/nn";
import { concat, random, tanh, type Json, type Random, type Tensor } from "@tenon/tensor";
import { floats, place } from "@tenon/tensor/testing";

import { DeepNorm } from "./deep-norm.ts";
import { LayerScale } from "./layer-scale.ts";
import { NoResidual } from "./no-residual.ts";
import { PreNorm } from "./pre-norm.ts";
import { ReZero } from "./re-zero.ts";
import type { Residual } from "./residual.ts";
import { SandwichNorm } from "./sandwich-norm.ts";
import { Shortcut } from "./shortcut.ts";
import { StochasticDepth } from "./stochastic-depth.ts";
import { ZeroPaddedShortcut } from "./zero-padded-shortcut.ts";

const width = 4;
const x = floats([2, 3, width], random(1));
const twice = (y: Tensor): Tensor => concat([tanh(y), tanh(y)], -1);

/** A connection over [b, t, d] that begins the same for every seed, around a sublayer without parameters. */
function testResidual<C extends Json>(
  name: string,
  config: C,
  create: (config: C) => Residual,
  parameters: number,
): void {
  testComponent({
    name,
    config,
    create,
    inputs: (on) => [place(x, on), tanh],
    outputShape: x.shape,
    parameters,
    seeded: false,
  });
}

testResidual(
  "SandwichNorm",
  { width },
  ({ width }) => new SandwichNorm({ before: new LayerNorm(width), after: new RMSNorm(width) }),
  12,
);
testResidual(
  "DeepNorm",
  { width, alpha: 1.7 },
  ({ width, alpha }) => new DeepNorm({ norm: new LayerNorm(width), alpha }),
  8,
);
testResidual("ReZero", { dropout: 0.1 }, (config) => new ReZero(config), 1);
testResidual(
  "LayerScale",
  { width, initial: 0.1 },
  ({ width, initial }) => new LayerScale({ norm: new LayerNorm(width), width, initial }),
  12,
);
testResidual("Shortcut", { dropout: 0.1 }, (config) => new Shortcut(config), 0);
testResidual("NoResidual", { dropout: 0.1 }, (config) => new NoResidual(config), 0);
testResidual(
  "StochasticDepth",
  { width, rate: 0.5 },
  ({ width, rate }) => new StochasticDepth({ residual: new PreNorm({ norm: new LayerNorm(width) }), rate }),
  8,
);

testComponent({
  name: "Shortcut with a projection",
  config: { input: width, output: 2 * width, bias: false },
  create: (config, random: Random) => new Shortcut({ shortcut: new Linear({ ...config, random }) }),
  inputs: (on) => [place(x, on), twice],
  outputShape: [2, 3, 2 * width],
  parameters: 32,
});
testComponent({
  name: "Shortcut with a convolution of one cell",
  config: { input: 2, output: 4, kernel: 1 },
  create: (config, random: Random) =>
    new Shortcut({ shortcut: new Conv2d({ ...config, random, bias: false }, { stride: 2 }) }),
  inputs: (on) => [
    place(floats([2, 2, 5, 4], random(2)), on),
    (y: Tensor) => tanh(new ZeroPaddedShortcut({ input: 2, output: 4, stride: 2 }).forward(y)),
  ],
  outputShape: [2, 4, 3, 2],
  parameters: 8,
});
testComponent({
  name: "ZeroPaddedShortcut",
  config: { input: 2, output: 5, stride: 2 },
  create: (config) => new ZeroPaddedShortcut(config),
  inputs: (on) => [place(floats([2, 2, 5, 4], random(2)), on)],
  outputShape: [2, 5, 3, 2],
  parameters: 0,
});
