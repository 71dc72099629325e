// What can be seen in a model, and that what is put in its place counts, for models of every kind of part.
import { patch, trace, type Tap } from "@tenon/nn";
import { add, cpu, mul, scoped, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose, filled, someIds, upload } from "../test/models.ts";
import type { Decoder } from "./decoder.ts";
import type { Encoder } from "./encoder.ts";
import { bert, gpt } from "./presets.ts";
import type { DecoderSpec, EncoderSpec } from "./spec.ts";

const sizes = { vocabulary: 11, context: 8, width: 16, layers: 2, heads: 4 };
const base = gpt(sizes);
const stream = ["input", "middle", "output"];
const inParallel = ["input", "attended", "transformed", "output"];
const multiHead = ["query", "key", "value", "scores", "pattern", "heads", "contributions"];
const hidden = ["preactivation", "hidden"];
const added = ["attentionResidual.added", "feedForwardResidual.added"];
const scales = ["attentionResidual.norm.scale", "feedForwardResidual.norm.scale"];
const at = (part: string, taps: readonly string[]): string[] => taps.map((tap) => `${part}.${tap}`);
const usual = [...stream, ...at("attention", multiHead), ...at("feedForward", hidden)];
const inBlocks = [...usual, ...added, ...scales];
const ends = ["embedding.output", "norm.scale", "final"];

/** By name: a spec, the taps of a block and those outside. */
const models: readonly (readonly [string, DecoderSpec | EncoderSpec, readonly string[], readonly string[]])[] = [
  ["gpt", base, inBlocks, ends],
  ["bert", bert(sizes), inBlocks, ["embedding.norm.scale", "embedding.output", "final", "head.norm.scale"]],
  [
    "sandwich-norm",
    { ...base, norm: { kind: "rms-norm" }, residual: { kind: "sandwich-norm" } },
    [
      ...usual,
      ...added,
      ...["attention", "feedForward"].flatMap((sublayer) => at(`${sublayer}Residual`, ["before.scale", "after.scale"])),
    ],
    ends,
  ],
  ["deep-norm", { ...base, residual: { kind: "deep-norm" } }, inBlocks, ["embedding.output", "final"]],
  ["re-zero", { ...base, residual: { kind: "re-zero" } }, [...usual, ...added], ["embedding.output", "final"]],
  ["layer-scale", { ...base, residual: { kind: "layer-scale" } }, inBlocks, ends],
  [
    "stochastic depth",
    { ...base, residual: { kind: "pre-norm", stochasticDepth: 0.1 } },
    [...usual, ...[...added, ...scales].map((tap) => tap.replace("Residual", "Residual.residual"))],
    ends,
  ],
  [
    "parallel", // one place before both sublayers and one after: the stream has no middle
    { ...base, residual: { kind: "parallel", norms: 2 } },
    [
      ...inParallel,
      ...at("attention", multiHead),
      ...at("feedForward", hidden),
      ...["residual.added", "residual.norm.scale", "feedForwardNorm.scale"],
    ],
    ends,
  ],
  [
    "every variant",
    {
      ...base,
      position: { kind: "relative", clip: 2 },
      attention: {
        ...base.attention,
        keyValueHeads: 2,
        headNorm: true,
        gate: "element",
        softCap: 5,
        sinks: true,
        windows: [3],
      },
      norm: { kind: "scale-norm" },
    },
    [...inBlocks, ...at("attention", ["gate", "queryNorm.scale", "keyNorm.scale"])],
    ends,
  ],
  [
    "latent", // keys and values are never made: the latent is in their place
    { ...base, position: { kind: "t5" }, attention: { kind: "latent", heads: 4, latentWidth: 6, queryLatentWidth: 8 } },
    [
      ...stream,
      ...at("attention", ["query", "latent", "scores", "pattern", "heads", "contributions"]),
      ...at("attention", ["queryNorm.scale", "latentNorm.scale"]),
      ...at("feedForward", hidden),
      ...added,
      ...scales,
    ],
    ends,
  ],
  [
    "linear", // forms neither scores nor a pattern
    { ...base, position: { kind: "rotary" }, attention: { kind: "linear", heads: 4 } },
    [
      ...stream,
      ...at("attention", ["query", "key", "value", "heads", "contributions"]),
      ...at("feedForward", hidden),
      ...added,
      ...scales,
    ],
    ends,
  ],
  [
    "mixture",
    { ...base, feedForward: { kind: "mixture", experts: 4, expertsPerToken: 2, hidden: 5, shared: 3 } },
    [
      ...stream,
      ...at("attention", multiHead),
      ...["feedForward.router.logits", ...at("feedForward.experts", hidden), ...at("feedForward.shared", hidden)],
      ...added,
      ...scales,
    ],
    ends,
  ],
];

const ids = someIds(sizes.vocabulary, 12);
const logitsOf = (model: Decoder | Encoder): Tensor => model.forward(upload(ids, 2, model.backend));

test.each(models)(
  "%s: each tap is there, and what is put there reaches the logits",
  async (_, spec, block, outside) => {
    const model = await filled(spec, cpu({ precision: "f64" }));
    const before = model.backend.memory();
    const plain = await scoped(() => logitsOf(model)).read();
    const names = scoped(() => {
      const { taps } = trace(model, ["**"], () => logitsOf(model));
      for (const [name, seen] of Object.entries(taps)) expect(seen, name).toHaveLength(1);
      return Object.keys(taps);
    });
    const expected = [0, 1].flatMap((layer) => block.map((tap) => `blocks.${layer}.${tap}`));
    expect(names.toSorted()).toEqual([...expected, ...outside].toSorted());
    for (const name of names) {
      const logitsWith = (tap: Tap): Tensor => scoped(() => patch(model, { [name]: tap }, () => logitsOf(model)));
      // What is bent, and not only scaled: a norm that follows undoes a scale.
      const [same, other] = [logitsWith((x) => x), logitsWith((x) => add(x, mul(x, x)))];
      expectClose(await same.read(), plain, 1e-12);
      const changed = await other.read();
      expect(Math.max(...plain.map((value, i) => Math.abs(value - changed[i]!))), name).toBeGreaterThan(1e-10);
      for (const logits of [same, other]) logits[Symbol.dispose]();
    }
    expect(model.backend.memory().tensors).toBe(before.tensors + 1); // the plain logits
  },
);
