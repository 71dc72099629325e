import { bert, type Decoder, gpt, transformer } from "@tenon/models";
import { trace } from "@tenon/nn";
import { ids, scoped } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { AttentionMaps } from "./attention-data.ts";
import { inspecting, opened, sizes, texts } from "./testing/opened.ts";

const decoder = await opened(gpt(sizes));

const mapsOf = async (...[spec]: Parameters<typeof opened>): Promise<readonly AttentionMaps[]> =>
  inspecting(await opened(spec)).inspection.attention(texts);

/** The sum of each row of weights [h, t, s]. */
function rowSums(weights: Float32Array, keys: number): number[] {
  return Array.from({ length: weights.length / keys }, (_, row) =>
    weights.slice(row * keys, (row + 1) * keys).reduce((a, b) => a + b, 0),
  );
}

test("the patterns are those that trace sees: each row sums to 1, and nobody looks ahead", async () => {
  const [maps] = await inspecting(decoder).inspection.attention(texts);
  const model = decoder.model as Decoder;
  const input = ids([...Buffer.from(texts.text)], [1, 7], model.backend, { limit: 260 });
  const { taps } = trace(model, ["blocks.*.attention.pattern"], () => model.forward(input));
  expect(maps!.layers.map(({ heads }) => heads)).toEqual([4, 4]);
  for (const [layer, { weights }] of maps!.layers.entries()) {
    expect([...weights!]).toEqual([...(await taps[`blocks.${layer}.attention.pattern`]![0]!.read())]);
    for (const sum of rowSums(weights!, 7)) expect(sum).toBeCloseTo(1, 5);
    const visible = maps!.visible[layer]!;
    for (const [i, weight] of weights!.entries()) {
      const [query, key] = [Math.floor(i / 7) % 7, i % 7];
      expect([visible[i % 49], weight > 0]).toEqual([Number(key <= query), key <= query]);
    }
  }
});

test("an encoder looks in both directions, and nothing is hidden", async () => {
  const [maps] = await mapsOf(bert(sizes));
  expect(maps!.visible).toEqual([undefined, undefined]);
  expect(maps!.layers[0]!.weights!.every((weight) => weight > 0)).toBe(true);
});

test("a window hides what is far behind, in the layers that have one", async () => {
  const spec = gpt(sizes);
  const [maps] = await mapsOf({ ...spec, attention: { ...spec.attention, windows: [3, null] } });
  const seenBy = (layer: number, query: number): number[] => [
    ...maps!.visible[layer]!.slice(query * 7, (query + 1) * 7),
  ];
  expect([seenBy(0, 5), seenBy(1, 5)]).toEqual([
    [0, 0, 0, 1, 1, 1, 0],
    [1, 1, 1, 1, 1, 1, 0],
  ]);
  expect(maps!.layers[0]!.weights![5 * 7 + 2]).toBe(0);
});

test("two sides have three kinds of attention, and across looks at the source", async () => {
  const maps = await mapsOf(transformer({ ...sizes, hidden: 32 }));
  expect(maps.map(({ title, queries, keys, layers }) => [title, queries, keys, layers[0]!.weights!.length])).toEqual([
    ["Encoder: self-attention", "source", "source", 4 * 8 * 8],
    ["Decoder: self-attention", "main", "main", 4 * 3 * 3],
    ["Decoder: cross-attention", "main", "source", 4 * 3 * 8],
  ]);
  for (const sum of rowSums(maps[2]!.layers[1]!.weights!, 8)) expect(sum).toBeCloseTo(1, 5);
});

test("layers that share their parameters have patterns of their own", async () => {
  const [maps] = await mapsOf({ ...gpt({ ...sizes, layers: 3 }), layerGroups: 1 });
  const [first, second, third] = maps!.layers.map(({ weights }) => weights!.join());
  expect(new Set([first, second, third]).size).toBe(3);
});

test("latent attention has patterns, and of linear attention it is said why it has none", async () => {
  const latent = { kind: "latent", heads: 4, latentWidth: 6 } as const;
  const [seen] = await mapsOf({ ...gpt(sizes), position: { kind: "none" }, attention: latent });
  expect([seen!.absent, seen!.layers[0]!.weights!.length]).toEqual([undefined, 4 * 49]);
  const linear = { kind: "linear", heads: 4 } as const;
  const [unseen] = await mapsOf({ ...gpt(sizes), position: { kind: "none" }, attention: linear });
  expect(unseen!.layers[0]).toEqual({ heads: 4, weights: undefined });
  expect(unseen!.absent).toContain("This attention never forms the weights of a query over its keys");
});

test("nothing is left on the backend", async () => {
  const { inspection } = inspecting(decoder);
  await inspection.attention(texts);
  const before = decoder.model.backend.memory().tensors;
  scoped(() => undefined);
  await inspection.attention(texts);
  await inspection.stream(texts);
  await inspection.lens(texts);
  await inspection.ablate(texts, [{ layer: 0, part: "attention", heads: [1] }], "mean", 3);
  await inspection.patch(texts, { text: "Tom ran", written: "" }, { layer: 0, part: "stream" }, 2, 6);
  await inspection.sweep(texts, { text: "Tom ran", written: "" }, { part: "stream", position: 6, towards: 1, from: 2 });
  await inspection.scheme({ scheme: { kind: "learned" }, side: 0, layer: 0, length: 8 });
  expect(decoder.model.backend.memory().tensors).toBe(before);
});
