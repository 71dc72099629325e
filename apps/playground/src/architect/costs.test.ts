import { assemble, bert, describe as described, gpt, llama, rnnSearch, type Spec, t5, vit } from "@tenon/models";
import { cpu, dryRun, ids, scoped } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { Costs } from "./costs.ts";
import { fusing } from "./fused.ts";
import type { PartCost } from "./part-costs.ts";

const costs = new Costs();
const sizes = { vocabulary: 50, context: 16, width: 16, layers: 3, heads: 2 };
const models: readonly (readonly [name: string, spec: Spec])[] = [
  ["a gpt", gpt(sizes)],
  [
    "a llama with experts",
    { ...llama({ ...sizes, hidden: 24 }), feedForward: { kind: "mixture", experts: 4, expertsPerToken: 2, hidden: 8 } },
  ],
  ["layers that are shared", { ...gpt(sizes), layerGroups: 1 }],
  ["linear attention", { ...gpt(sizes), attention: { kind: "linear", heads: 2 } }],
  ["a bert", bert(sizes)],
  ["a t5", t5(sizes)],
  ["a vit", vit({ image: [8, 8], patch: [4, 4], width: 16, layers: 2, heads: 2 })],
  ["an rnn", rnnSearch({ vocabulary: 20, sourceVocabulary: 20, width: 8, hidden: 8 })],
];

describe.each(models)("%s", (_, spec) => {
  test("the FLOPs of the parts sum to those of the whole, and the parameters to those of describe", async () => {
    const { parts, forward, parameters } = await costs.of(spec, { batch: 2 });
    const [whole] = parts as [PartCost];
    expect(whole.path).toBe("");
    expect(whole.flops).toBe(forward.flops);
    expect(parts.reduce((sum, part) => sum + part.ownFlops, 0)).toBe(forward.flops);
    expect(parameters).toBe(described(assemble(spec)).count);
    expect(whole.parameters).toBe(parameters);
    const top = parts.filter(({ path }) => path !== "" && !path.includes("."));
    expect(top.reduce((sum, part) => sum + part.parameters, 0)).toBe(parameters);
    expect(forward.peakBytes).toBeGreaterThan(4 * parameters);
    expect(whole.peakBytes).toBeLessThanOrEqual(forward.peakBytes - 4 * parameters);
  });

  test("a training step takes more than parameters, gradients and what AdamW remembers", async () => {
    const { parameters, sizes } = await costs.of(spec, { batch: 2 });
    expect(await costs.training(spec, sizes)).toBeGreaterThan(4 * 4 * parameters);
  });
});

test("a forward pass of a gpt takes two operations for each weight and token, and those of attention", async () => {
  const { width: d, layers, context: t } = sizes;
  const { forward } = await costs.of(gpt(sizes), { batch: 3 });
  const weights = layers * 12 * d * d + sizes.vocabulary * d;
  const least = 3 * (2 * t * weights + layers * 4 * t * t * d);
  expect(forward.flops).toBeGreaterThan(least);
  expect(forward.flops).toBeLessThan(1.3 * least);
  expect(forward.shape).toEqual([3, t, sizes.vocabulary]);
});

test("one more token with a cache takes about a text's share, and the cache holds keys and values", async () => {
  const { forward, token } = await costs.of(gpt(sizes), { batch: 1 });
  expect(token!.flops).toBeGreaterThan((0.99 * forward.flops) / sizes.context);
  expect(token!.flops).toBeLessThan((1.02 * forward.flops) / sizes.context);
  expect(token!.cacheBytes).toBe(sizes.layers * 2 * sizes.context * sizes.width * 4);
  expect((await costs.of(bert(sizes), { batch: 1 })).token).toBeUndefined();
});

test("texts are as long as was asked, and no longer than the model can see", async () => {
  expect((await costs.of(gpt(sizes), { batch: 1, length: 5 })).sizes.length).toBe(5);
  expect((await costs.of(gpt(sizes), { batch: 1, length: 500 })).sizes.length).toBe(16);
});

test("parts of blocks that are alike are one line, which says how many they are", async () => {
  const { parts } = await costs.of(gpt(sizes), { batch: 1 });
  const attention = parts.find(({ path }) => path === "blocks.*.attention")!;
  expect(attention).toMatchObject({
    kind: "MultiHeadAttention",
    package: "@tenon/attention",
    times: 3,
    shape: [1, 16, 16],
  });
  expect(attention.parameters).toBe(3 * 4 * (16 * 16 + 16));
  const shared = await costs.of({ ...gpt(sizes), layerGroups: 1 }, { batch: 1 });
  expect(shared.parts.find(({ path }) => path === "blocks.0.attention")).toMatchObject({
    times: 1,
    flops: attention.flops,
  });
});

test.each(models)("what is imitated fuses what cpu() does: %s", async (_, spec) => {
  if (spec.kind !== "decoder") return;
  const report = async (like: Parameters<typeof dryRun>[0]) => {
    const on = dryRun(like);
    const model = await assemble(spec).to(on);
    scoped(() => void model.forward(ids([1, 2, 3], [1, 3], on, { limit: 50 })));
    return on.report();
  };
  expect(await report({ like: fusing as never })).toEqual(await report({ like: cpu() }));
});

test("of a mixture it is said how many parameters compute for a token", async () => {
  const mixture = { kind: "mixture", experts: 4, expertsPerToken: 1, hidden: 8, shared: 24 } as const;
  const spec = { ...llama({ ...sizes, hidden: 24 }), feedForward: mixture };
  const { parameters, activeParameters } = await costs.of(spec, { batch: 1 });
  // Three maps between widths of 16 and 8, of three experts in each of three layers.
  expect(parameters - activeParameters!).toBe(3 * 3 * 3 * 16 * 8);
  const sides = t5(sizes);
  const both = { ...sides, decoder: { ...sides.decoder, feedForward: mixture } };
  const inDecoder = await costs.of(both, { batch: 1 });
  expect(inDecoder.parameters - inDecoder.activeParameters!).toBe(3 * 3 * 3 * 16 * 8);
  expect((await costs.of(sides, { batch: 1 })).activeParameters).toBeUndefined();
  // Mixtral 8x7B, by its paper: 47 billion parameters, of which 13 billion are active.
  const mixtral = {
    ...llama({ vocabulary: 32000, context: 64, width: 4096, layers: 32, heads: 32, keyValueHeads: 8, hidden: 1 }),
    feedForward: { kind: "mixture", experts: 8, expertsPerToken: 2, hidden: 14336 },
  };
  const published = await costs.of(mixtral, { batch: 1 });
  expect([published.parameters, published.activeParameters]).toEqual([46_702_792_704, 12_879_925_248]);
});
