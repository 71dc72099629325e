import { bert, type Decoder, gpt, transformer } from "@tenon/models";
import { ablate, patch } from "@tenon/nn";
import { ids } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { Moved } from "./prediction-data.ts";
import { inspecting, opened, sizes, texts } from "./testing/opened.ts";

const open = await opened(gpt(sizes));
const { inspection } = inspecting(open);
const other = { text: "Tom ran", written: "" };
const moves = ({ tokens }: Moved): number => Math.max(...tokens.map(({ before, after }) => Math.abs(after - before)));

test("taking nothing out changes nothing", async () => {
  const moved = await inspection.ablate(texts, [], "zero", 6);
  expect([moves(moved), moved.divergence, moved.tokens.length]).toEqual([0, 0, 10]);
});

test("taking out a head moves the prediction: one way with nothing in its place, another with its mean", async () => {
  const zero = await inspection.ablate(texts, [{ layer: 0, part: "attention", heads: [2] }], "zero", 6);
  const mean = await inspection.ablate(texts, [{ layer: 0, part: "attention", heads: [2] }], "mean", 6);
  for (const moved of [zero, mean]) {
    expect(moves(moved)).toBeGreaterThan(1e-4);
    expect(moved.divergence).toBeGreaterThan(0);
    expect(moved.divergence).toBe(moved.divergences[6]);
  }
  expect(mean.divergence).not.toBe(zero.divergence);
  const all = [0, 1, 2, 3].map((head) => ({ layer: 0, part: "attention", heads: [head] }) as const);
  const together = await inspection.ablate(texts, all, "zero", 6);
  const atOnce = await inspection.ablate(texts, [{ layer: 0, part: "attention", heads: [0, 1, 2, 3] }], "zero", 6);
  expect(together.divergences).toEqual(atOnce.divergences);
});

test("a whole sublayer, at one layer of those that share it", async () => {
  const shared = inspecting(await opened({ ...gpt(sizes), layerGroups: 1 })).inspection;
  const without = (layers: readonly number[]): Promise<Moved> =>
    shared.ablate(
      texts,
      layers.map((layer) => ({ layer, part: "feed-forward" })),
      "zero",
      6,
    );
  const [first, second, both] = [await without([0]), await without([1]), await without([0, 1])];
  expect(new Set([first.divergence, second.divergence, both.divergence]).size).toBe(3);
});

test("probabilities and KL are those of the model itself, with the same patch by hand", async () => {
  const { tokens, divergence } = await inspection.ablate(texts, [{ layer: 0, part: "feed-forward" }], "zero", 6);
  const model = open.model as Decoder;
  const input = ids([...Buffer.from(texts.text)], [1, 7], model.backend, { limit: 260 });
  const taps = { "blocks.0.feedForwardResidual.added": ablate() };
  const [before, after] = await Promise.all(
    [model.forward(input), patch(model, taps, () => model.forward(input))].map(async (logits) => {
      const row = [...(await logits.read())].slice(6 * 260);
      const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
      return row.map((logit) => Math.exp(logit) / total);
    }),
  );
  expect(divergence).toBeCloseTo(
    before!.reduce((sum, share, id) => sum + share * Math.log(share / after![id]!), 0),
    5,
  );
  for (const { token, before: was, after: is } of tokens) {
    expect(was).toBeCloseTo(before![token.id]!, 6);
    expect(is).toBeCloseTo(after![token.id]!, 6);
  }
  const shown = tokens.map(({ before, after }) => Math.max(before, after));
  expect(shown).toEqual([...shown].sort((a, b) => b - a));
  expect(shown[0]).toBeCloseTo(Math.max(...before!, ...after!), 6);
});

test("a head is patched by itself", async () => {
  const by = async (head: number): Promise<number> =>
    (await inspection.patch(texts, other, { layer: 0, part: "attention", head }, undefined, 6)).divergence;
  const found = [await by(0), await by(1), await by(2), await by(3)];
  expect(new Set(found).size).toBe(4);
  expect(Math.min(...found)).toBeGreaterThan(0);
});

test("patching from the same text changes nothing, from another one something", async () => {
  const place = { layer: 0, part: "stream" } as const;
  const same = await inspection.patch(texts, texts, place, 2, 6);
  expect(moves(same)).toBeLessThan(1e-6);
  expect(moves(await inspection.patch(texts, other, place, 0, 6))).toBeGreaterThan(1e-4);
  expect(
    moves(await inspection.patch(texts, other, { layer: 1, part: "attention", head: 1 }, undefined, 6)),
  ).toBeGreaterThan(1e-5);
});

test("all of the stream at every position makes the prediction that of the other text", async () => {
  for (const layer of [-1, 0, 1]) {
    const { tokens } = await inspection.patch(texts, other, { layer, part: "stream" }, undefined, 6);
    for (const { after, source } of tokens) expect(after).toBeCloseTo(source!, 6);
  }
});

test("a position that the prediction does not see does not move it", async () => {
  const moved = await inspection.patch(texts, other, { layer: 0, part: "stream" }, 2, 1);
  expect([moved.divergence, moved.divergences[2]! > 0]).toEqual([0, true]);
});

test("an encoder at its mask, and the decoder of two sides", async () => {
  const encoder = inspecting(await opened(bert(sizes))).inspection;
  const masked = { text: "M[MASK]a ran", written: "" };
  const { usualPosition, predictsNext } = await encoder.read(masked);
  expect([usualPosition, predictsNext]).toEqual([1, false]);
  expect((await encoder.ablate(masked, [{ layer: 1, part: "attention" }], "mean", 1)).divergence).toBeGreaterThan(0);
  const both = inspecting(await opened(transformer({ ...sizes, hidden: 32 }))).inspection;
  const cut = await both.ablate(texts, [{ layer: 0, part: "cross-attention", heads: [0] }], "zero", 2);
  expect(cut.divergence).toBeGreaterThan(0);
});

test("what cannot be done is said, with a way on", async () => {
  await expect(
    inspection.patch(texts, { text: "Mia sang", written: "" }, { layer: 0, part: "stream" }, 0, 6),
  ).rejects.toThrow(
    "the text has 7 tokens and the other one 8, but what is patched goes from one position to the same position. Write two texts of equally many tokens: change words, and add none.",
  );
  await expect(inspection.ablate(texts, [{ layer: 7, part: "attention" }], "zero", 6)).rejects.toThrow(
    "layer 7 of this model has no attention: it has 2 layers with attention, feed-forward. Choose one of these.",
  );
  await expect(inspection.read({ text: "", written: "" })).rejects.toThrow("there is no text to look at. Write some.");
});

test("tokens that are all but impossible are told no further than the fifth", async () => {
  const sharp = inspecting(await opened({ ...gpt(sizes), logits: { scale: 60 } })).inspection;
  const { tokens } = await sharp.ablate(texts, [], "zero", 6);
  expect(tokens).toHaveLength(5);
  expect(tokens[4]!.before).toBeLessThan(0.001);
});
