import { MultiHeadAttention, MultiHeadCrossAttention } from "@tenon/attention";
import { initialise, LayerNorm, Module, type Parameter } from "@tenon/nn";
import { isTenonError, random, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { CrossAttentionBlock } from "../cross-attention-block.ts";
import { GatedMLP } from "../feed-forward/gated-mlp.ts";
import { GatedExperts } from "../feed-forward/mixture/gated-experts.ts";
import { MixtureOfExperts } from "../feed-forward/mixture/mixture-of-experts.ts";
import { TopKRouter } from "../feed-forward/mixture/top-k-router.ts";
import { MLP } from "../feed-forward/mlp.ts";
import { Stack } from "../stack.ts";
import { TransformerBlock } from "../transformer-block.ts";
import { deepNormScheme } from "./deep-norm-scheme.ts";
import { DeepNorm } from "./deep-norm.ts";

const [width, hidden, beta, stream] = [48, 96, 0.25, random(7)] as const;
const attention = new MultiHeadAttention({ width, heads: 4, random: stream, variant: { gate: "element" } });
const residual = (): DeepNorm => new DeepNorm({ norm: new LayerNorm(width), alpha: 2 });
const blocks = [
  new TransformerBlock({ attention, feedForward: new MLP({ width, hidden, random: stream }), residual }),
  new CrossAttentionBlock({
    attention: new MultiHeadAttention({ width, heads: 4, random: stream }),
    crossAttention: new MultiHeadCrossAttention({ width, heads: 4, random: stream }),
    feedForward: new MixtureOfExperts({
      router: new TopKRouter({ width, experts: 24, expertsPerToken: 2, random: stream }),
      experts: new GatedExperts({ count: 24, width, hidden, random: stream }),
      shared: new GatedMLP({ width, hidden, random: stream }),
    }),
    residual,
  }),
];
/** A stack as a model holds it. */
class Model extends Module<[x: Tensor], Tensor> {
  readonly blocks = new Stack(2, (layer) => blocks[layer]!);
  protected override compute(x: Tensor): Tensor {
    return this.blocks.forward(x);
  }
}

/** How large the weights are beside Xavier's; undefined for those that no rule is for. */
async function gains(model: Model | Stack): Promise<Record<string, number | undefined>> {
  const begun = initialise(model, deepNormScheme({ beta }), random(3));
  const gain = async (path: string, parameter: Parameter): Promise<number | undefined> => {
    if (!begun.has(path)) return undefined;
    const values = Float64Array.from(await parameter.host());
    const [output, input] = parameter.type.shape.slice(-2) as [number, number];
    const deviation = Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);
    return deviation / Math.sqrt(2 / (input + output));
  };
  const found = await Promise.all(
    [...model.parameters()].map(async ([path, parameter]) => [path, await gain(path, parameter)] as const),
  );
  return Object.fromEntries(found);
}

test("values, outputs and feed-forward weights begin smaller, queries, keys and routers as usual, vectors not at all", async () => {
  const found = await gains(new Model());
  const near = (path: string, gain: number): void => {
    expect(found[path]! / gain, path).toBeGreaterThan(0.94);
    expect(found[path]! / gain, path).toBeLessThan(1.06);
    delete found[path];
  };
  for (const path of ["blocks.0.attention", "blocks.1.attention", "blocks.1.crossAttention"]) {
    for (const name of ["value", "output"]) near(`${path}.${name}.weight`, beta);
    for (const name of ["query", "key"]) near(`${path}.${name}.weight`, 1);
  }
  near("blocks.0.attention.gate.weight", 1);
  near("blocks.1.feedForward.router.weight", 1);
  for (const path of ["blocks.0.feedForward", "blocks.1.feedForward.shared"])
    for (const name of ["up", "down"]) near(`${path}.${name}.weight`, beta);
  near("blocks.1.feedForward.shared.gate.weight", beta);
  for (const name of ["gate", "up", "down"]) near(`blocks.1.feedForward.experts.${name}`, beta);
  const rest = Object.entries(found);
  expect(rest.length).toBeGreaterThan(0);
  for (const [path, gain] of rest)
    expect([path, gain]).toEqual([expect.stringMatching(/bias$|norm\.weight$/u), undefined]);
});

test("a stack by itself begins as it does within a model", () => {
  const { blocks } = new Model();
  const rules = (model: Model | Stack): string[] => [
    ...initialise(model, deepNormScheme({ beta }), random(3)).values(),
  ];
  expect(rules(blocks)).toEqual(rules(new Model()));
});

test("a β that is none is refused", () => {
  let error: unknown;
  try {
    deepNormScheme({ beta: 0 });
  } catch (caught) {
    error = caught;
  }
  expect(isTenonError(error, "ConfigError")).toBe(true);
  expect((error as Error).message).toBe("deepNormScheme: beta must be a finite number above 0, got 0");
});
