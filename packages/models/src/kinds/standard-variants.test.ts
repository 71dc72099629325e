// That what a spec says of the newer parts reaches them; see standard.test.ts for the first ones.
import type { LatentAttention, LinearAttention, MultiHeadAttention } from "@tenon/attention";
import {
  DeepNorm,
  LayerScale,
  ParallelBlock,
  ReZero,
  SandwichNorm,
  StochasticDepth,
  type GatedMLP,
  type MixtureOfExperts,
} from "@tenon/blocks";
import { FactorisedOutput, ScaledEmbedding, ScaledLogits, SoftCappedLogits } from "@tenon/embeddings";
import { RMSNorm, ScaleNorm, type Part } from "@tenon/nn";
import { AlibiPosition, T5Bias, type RelativePosition, type RotaryPosition } from "@tenon/positional";
import { cpu, tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../../test/models.ts";
import { assemble } from "../assemble.ts";
import { bert, gpt } from "../presets.ts";

const sizes = { vocabulary: 13, context: 9, width: 16, layers: 4, heads: 4 };
const made = (change: object, of: object = gpt(sizes)): Map<string, Part> => assemble({ ...of, ...change }).parts();
const attention = "blocks.0.attention";
const place = `${attention}.position`;

test("relative positions, T5's and ALiBi's", () => {
  const relative = made({ position: { kind: "relative", clip: 3 } }).get(place) as RelativePosition;
  expect([relative.keys.type.shape, relative.values!.type.shape, relative.clip]).toEqual([[7, 4], [7, 4], 3]);
  const keys = made({ position: { kind: "relative", values: false } }).get(place) as RelativePosition;
  expect([keys.values, keys.clip]).toEqual([undefined, 16]);
  const t5 = { position: { kind: "t5", buckets: 8, maxDistance: 20 } };
  const bias = made(t5).get(place) as T5Bias;
  expect(bias).toBeInstanceOf(T5Bias);
  expect([bias.heads, bias.buckets, bias.maxDistance, bias.bidirectional]).toEqual([4, 8, 20, false]);
  expect((made(t5, bert(sizes)).get(place) as T5Bias).bidirectional).toBe(true);
  const alibi = made({ position: { kind: "alibi" } }).get(place) as AlibiPosition;
  expect(alibi).toBeInstanceOf(AlibiPosition);
  expect(alibi.slopes).toHaveLength(4);
});

test.each([
  { kind: "linear", factor: 4 },
  { kind: "dynamic-ntk", factor: 4, context: 3 },
  { kind: "yarn", factor: 4, context: 64, betaFast: 16, truncate: false },
  { kind: "long-rope", factor: 4, context: 8, shortFactors: [1, 1], longFactors: [2, 3] },
  { kind: "llama-3", factor: 8, context: 16 },
])("rotary angles are scaled as the spec says: %o", (scaling) => {
  const plain = made({ position: { kind: "rotary", base: 500 } }).get(place) as RotaryPosition;
  const position = made({ position: { kind: "rotary", base: 500, scaling } }).get(place) as RotaryPosition;
  expect(position.rotation(9).frequencies).not.toEqual(plain.rotation(9).frequencies);
});

test("rotary's layout, and local layers with a base of their own", () => {
  expect((made({ position: { kind: "rotary", layout: "interleaved" } }).get(place) as RotaryPosition).layout).toBe(
    "interleaved",
  );
  const local = { kind: "rotary", base: 7000, scaling: { kind: "linear", factor: 2 }, local: { base: 100, every: 2 } };
  const model = assemble({ ...gpt(sizes), position: local });
  const bases = [...model.blocks].map((block) => {
    const { position } = block.parts().get("attention") as MultiHeadAttention;
    const { base, scaling } = position as RotaryPosition;
    return [base, scaling === undefined];
  });
  expect(bases).toEqual([
    [100, true],
    [7000, false],
    [100, true],
    [7000, false],
  ]);
});

test("the variants of multi-head attention", () => {
  const spec = {
    kind: "multi-head",
    heads: 4,
    keyValueHeads: 2,
    headWidth: 6,
    bias: "input",
    headNorm: true,
    gate: "element",
    scale: 0.25,
    softCap: 20,
    sinks: true,
    windows: [null, 3],
  };
  const parts = made({ attention: spec, norm: { kind: "rms-norm" } });
  const first = parts.get(attention) as MultiHeadAttention;
  expect([first.headWidth, first.scale, first.softCap, first.mask]).toEqual([6, 0.25, 20, undefined]);
  expect([first.query.bias === undefined, first.output.bias === undefined]).toEqual([false, true]);
  const names = [
    ...assemble({ ...gpt(sizes), attention: spec })
      .parameters()
      .keys(),
  ].filter((name) => name.startsWith(`${attention}.`));
  expect(names.map((name) => name.slice(attention.length + 1)).toSorted()).toMatchInlineSnapshot(`
    [
      "gate.bias",
      "gate.weight",
      "key.bias",
      "key.weight",
      "keyNorm.bias",
      "keyNorm.weight",
      "output.weight",
      "query.bias",
      "query.weight",
      "queryNorm.bias",
      "queryNorm.weight",
      "sinks",
      "value.bias",
      "value.weight",
    ]
  `);
  const norms = [...parts].filter(([path, part]) => path.startsWith(`${attention}.`) && part instanceof RMSNorm);
  expect(norms.map(([, norm]) => (norm as RMSNorm).weight.type.shape)).toEqual([[6], [6]]);
  const second = parts.get("blocks.1.attention") as MultiHeadAttention;
  const at = { queries: 1, keys: 9, queryOffset: 8, firstKey: 0, firstQuery: 0, backend: cpu() };
  expect(second.mask!.lower([], at)).toEqual([{ kind: "window", size: 3 }]);
});

test("an encoder's window looks to either side", async () => {
  const model = await assemble({ ...bert(sizes), attention: { kind: "multi-head", heads: 4, windows: [3] } }).to(cpu());
  const { mask } = model.parts().get(attention) as MultiHeadAttention;
  const tensors: ReturnType<typeof tensor>[] = [];
  const at = { queries: 5, keys: 5, queryOffset: 0, firstKey: 0, firstQuery: 0, backend: model.backend };
  expect(mask!.lower(tensors, at)).toEqual([{ kind: "interval", input: 0 }]);
  expect([...(await tensors[0]!.read())]).toEqual([-2, 3, -1, 4, 0, 5, 1, 6, 2, 7]);
});

test("latent and linear attention", () => {
  const spec = { kind: "latent", heads: 4, latentWidth: 5, queryLatentWidth: 3, headWidth: 6, positionWidth: 2 };
  const latent = made({ attention: { ...spec, valueWidth: 7, softCap: 9, scale: 0.3 } }).get(
    attention,
  ) as LatentAttention;
  const { latentWidth, headWidth, positionWidth, valueWidth, softCap, scale } = latent;
  expect([latentWidth, headWidth, positionWidth, valueWidth, softCap, scale]).toEqual([5, 6, 2, 7, 9, 0.3]);
  expect(latent.queryLatent!.weight.type.shape).toEqual([3, 16]);
  const rotary = made({ attention: spec, position: { kind: "rotary" } }).get(place) as RotaryPosition;
  expect(rotary.width).toBe(2);
  const linear = { attention: { kind: "linear", heads: 2, bias: false } };
  const decoding = made(linear).get(attention) as LinearAttention;
  expect([decoding.heads, decoding.causal, decoding.query.bias]).toEqual([2, true, undefined]);
  expect((made(linear, bert(sizes)).get(attention) as LinearAttention).causal).toBe(false);
});

test("norms, mixtures and gates", async () => {
  expect((made({ norm: { kind: "rms-norm", unitOffset: true } }).get("norm") as RMSNorm).unitOffset).toBe(true);
  const scale = made({ norm: { kind: "scale-norm", epsilon: 0.5 } }).get("norm") as ScaleNorm;
  expect(scale).toBeInstanceOf(ScaleNorm);
  expect(scale.epsilon).toBe(0.5);
  const spec = { kind: "mixture", experts: 4, expertsPerToken: 2, hidden: 5, softmax: "all", shared: 3 };
  const mixture = made({ feedForward: spec }).get("blocks.0.feedForward") as MixtureOfExperts;
  expect([mixture.router.experts, mixture.experts.count]).toEqual([4, 4]);
  expect(mixture.parts().get("router")).toMatchObject({ expertsPerToken: 2, softmax: "all" });
  expect((mixture.shared as GatedMLP).up.weight.type.shape).toEqual([3, 16]);
  expect(
    (made({ feedForward: { ...spec, shared: undefined } }).get("blocks.0.feedForward") as MixtureOfExperts).shared,
  ).toBeUndefined();
  const gate = made({ feedForward: { kind: "gated-mlp", hidden: 5, activation: "identity" } });
  const x = tensor([-2, 3], [2], cpu());
  expect(await (gate.get("blocks.0.feedForward") as GatedMLP).activation(x).read()).toEqual(Float32Array.of(-2, 3));
});

test("residual schemes, and layers that are skipped the oftener the deeper they are", () => {
  const around = (residual: object): Part => made({ residual }).get("blocks.2.attentionResidual")!;
  expect(around({ kind: "sandwich-norm" })).toBeInstanceOf(SandwichNorm);
  expect(around({ kind: "re-zero" })).toBeInstanceOf(ReZero);
  expect(around({ kind: "layer-scale", initial: 0.5 })).toBeInstanceOf(LayerScale);
  const deep = around({ kind: "deep-norm" }) as DeepNorm;
  expect(deep).toBeInstanceOf(DeepNorm);
  expect(deep.alpha).toBeCloseTo(8 ** 0.25, 12);
  const parallel = made({ residual: { kind: "parallel" } }).get("blocks.0") as ParallelBlock;
  expect(parallel).toBeInstanceOf(ParallelBlock);
  expect(parallel.feedForwardNorm).toBeUndefined();
  const two = made({ residual: { kind: "parallel", norms: 2 } }).get("blocks.0") as ParallelBlock;
  expect(two.feedForwardNorm).toBeDefined();
  for (const kind of ["pre-norm", "post-norm", "parallel", "deep-norm", "re-zero", "layer-scale"]) {
    const parts = made({ residual: { kind, stochasticDepth: 0.4 } });
    const skipped = [...parts.values()].filter((part) => part instanceof StochasticDepth);
    expect(new Set(skipped.map(({ dropout }) => dropout.rate.toFixed(3)))).toEqual(
      new Set(["0.100", "0.200", "0.300", "0.400"]),
    );
    expect([...made({ residual: { kind } }).values()].some((part) => part instanceof StochasticDepth)).toBe(false);
  }
});

test("tokens that are narrow or scaled, logits that are scaled and bent", () => {
  const narrow = made({ tokens: { width: 6, scaled: true }, logits: { scale: 2, softCap: 9 } });
  expect(narrow.get("embedding.tokens")).toBeInstanceOf(ScaledEmbedding);
  const output = narrow.get("output") as SoftCappedLogits;
  expect(output).toBeInstanceOf(SoftCappedLogits);
  expect([...output.parts().values()].some((part) => part instanceof ScaledLogits)).toBe(true);
  expect([...output.parts().values()].some((part) => part instanceof FactorisedOutput)).toBe(true);
  const biasOf = (change: object): unknown =>
    assemble({ ...gpt(sizes), ...change })
      .parameters()
      .get("output.bias")?.type.shape;
  expect([biasOf({}), biasOf({ logits: { bias: false } }), biasOf({ tied: false })]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  for (const tied of [true, false]) expect(biasOf({ tied, logits: { bias: true } })).toEqual([13]);
  const factorised = assemble({ ...gpt(sizes), tokens: { width: 6 }, logits: { bias: true } }).parameters();
  expect(factorised.get("output.output.bias")!.type.shape).toEqual([13]);
  const model = assemble({ ...bert(sizes), tokens: { width: 6 } });
  const shapes = new Map([...model.parameters()].map(([path, { type }]) => [path, type.shape]));
  expect(shapes.get("embedding.tokens.table")).toEqual([13, 6]);
  expect(shapes.get("embedding.position.table")).toEqual([9, 6]);
  expect(shapes.get("embedding.map.weight")).toEqual([16, 6]);
  expect(shapes.get("head.transform.weight")).toEqual([6, 16]);
});

test("what does not go together is said in the words of the spec", () => {
  const latent = { kind: "latent", heads: 4, latentWidth: 5 };
  const say = (change: object): string => refusal(() => assemble({ ...gpt(sizes), ...change }));
  expect([
    say({ position: { kind: "relative" }, attention: latent }),
    say({ position: { kind: "alibi" }, attention: { kind: "multi-head", heads: 3 } }),
    say({ position: { kind: "rotary" }, attention: { ...latent, positionWidth: 3 } }),
    say({ position: { kind: "rotary", scaling: { kind: "linear", factor: 0.5 } } }),
    say({ position: { kind: "rotary", scaling: { kind: "ntk", factor: 2 } } }),
    say({ attention: { kind: "multi-head", heads: 4, windows: [0] } }),
    say({ attention: { kind: "multi-head", heads: 4, bias: "both" } }),
    say({ residual: { kind: "pre-norm", stochasticDepth: 1 } }),
    say({ residual: { kind: "sandwich-norm", stochasticDepth: 0.1 } }),
    say({ initial: "normal" }),
    say({ tokens: { widths: 3 } }),
    say({ feedForward: { kind: "mixture", experts: 2, expertsPerToken: 3, hidden: 4 } }),
  ]).toMatchInlineSnapshot(`
    [
      "ConfigError: spec.position: "relative" has vectors of one width for keys and values, but this attention's queries are 6 wide and its values 4; make them equal, or set values to false",
      "ConfigError: spec.attention: MultiHeadAttention: heads 3 does not divide width 16; choose heads from 1, 2, 4, 8, 16, or another width",
      "ConfigError: spec.position: "rotary" turns elements in pairs, but this spec.attention lets 3 elements of each head turn: no even number. Choose another width, number of heads, width of the heads or fraction",
      "ConfigError: spec.position.scaling.factor: expected a number from 1 up, got 0.5",
      "ConfigError: spec.position.scaling.kind: expected "linear" or "dynamic-ntk" or "yarn" or "long-rope" or "llama-3", got "ntk"",
      "ConfigError: spec.attention.windows.0: expected a whole number from 1 up, or null for all tokens, got 0",
      "ConfigError: spec.attention.bias: expected true, false, "input" or "output", got "both"",
      "ConfigError: spec.residual.stochasticDepth: expected a number below 1, got 1",
      "ConfigError: spec.residual.stochasticDepth: there is no such key; the keys are kind, finalNorm",
      "ConfigError: spec.initial: expected "xavier" or "kaiming" or "gpt-2" or "bert" or "t5" or "small" or "small-embedding" or "deep-norm", got "normal"",
      "ConfigError: spec.tokens.widths: there is no such key; the keys are width, scaled",
      "ConfigError: spec.feedForward: TopKRouter: a token cannot pass 3 experts where there are 2",
    ]
  `);
});
