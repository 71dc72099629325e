import { type Decoder, gpt, transformer } from "@tenon/models";
import { trace } from "@tenon/nn";
import { ids } from "@tenon/tensor";
import { expect, test } from "vitest";

import { inspecting, opened, sizes, texts } from "./testing/opened.ts";

test("the lengths are those of the vectors that trace sees, place by place", async () => {
  const open = await opened(gpt(sizes));
  const [norms] = await inspecting(open).inspection.stream(texts);
  expect(norms!.places).toEqual([
    { title: "embeddings", depth: 0 },
    { title: "layer 0, after attention", depth: 0.5 },
    { title: "layer 0, end", depth: 1 },
    { title: "layer 1, after attention", depth: 1.5 },
    { title: "layer 1, end", depth: 2 },
  ]);
  expect(norms!.additions.map(({ layer, sublayer }) => `${layer} ${sublayer}`)).toEqual([
    "0 attention",
    "0 feed-forward",
    "1 attention",
    "1 feed-forward",
  ]);
  const model = open.model as Decoder;
  const input = ids([...Buffer.from(texts.text)], [1, 7], model.backend, { limit: 260 });
  const names = ["blocks.0.output", "blocks.1.feedForwardResidual.added"];
  const { taps } = trace(model, names, () => model.forward(input));
  const [output, added] = await Promise.all(names.map((name) => taps[name]![0]!.read()));
  const lengths = (values: ArrayLike<number>): number[] =>
    Array.from({ length: 7 }, (_, row) => Math.hypot(...Array.from(values).slice(row * 16, (row + 1) * 16)));
  for (const [position, length] of lengths(output!).entries())
    expect(norms!.norms[2 * 7 + position]).toBeCloseTo(length, 4);
  for (const [position, length] of lengths(added!).entries())
    expect(norms!.added[3 * 7 + position]).toBeCloseTo(length, 4);
});

test("entropies: a head that must look at one token has none, and no head more than the logarithm of what it sees", async () => {
  const { inspection } = inspecting(await opened(gpt(sizes)));
  const [one] = await inspection.stream({ text: "M", written: "" });
  expect([...one!.entropies[0]!]).toEqual([0, 0, 0, 0]);
  const [seven] = await inspection.stream(texts);
  const most = [1, 2, 3, 4, 5, 6, 7].reduce((sum, keys) => sum + Math.log(keys), 0) / 7;
  for (const entropy of seven!.entropies[1]!) {
    expect(entropy).toBeGreaterThan(0);
    expect(entropy).toBeLessThan(most);
  }
});

test("both sides of an encoder–decoder, with cross-attention in between", async () => {
  const { inspection } = inspecting(await opened(transformer({ ...sizes, layers: 1, hidden: 32 })));
  const found = await inspection.stream(texts);
  expect(found.map(({ title, places, norms }) => [title, places.map((place) => place.title), norms.length])).toEqual([
    ["Encoder", ["embeddings", "layer 0, after attention", "layer 0, end"], 3 * 8],
    ["Decoder", ["embeddings", "layer 0, after attention", "layer 0, after cross-attention", "layer 0, end"], 4 * 3],
  ]);
});

test("where both sublayers stand side by side, what each gives is told", async () => {
  const { inspection } = inspecting(await opened({ ...gpt(sizes), residual: { kind: "parallel", norms: 1 } }));
  const [found] = await inspection.stream(texts);
  expect(found!.places.map(({ title }) => title)).toEqual(["embeddings", "layer 0, end", "layer 1, end"]);
  expect(found!.additions.map(({ sublayer }) => sublayer).slice(0, 2)).toEqual(["attention", "feed-forward"]);
});
