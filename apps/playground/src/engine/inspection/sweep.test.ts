import { bert, gpt } from "@tenon/models";
import { expect, test } from "vitest";

import type { SweepReading, SweepRequest } from "./intervention-data.ts";
import { inspecting, opened, sizes, texts } from "./testing/opened.ts";

const open = await opened(gpt(sizes));
const other = { text: "Tom ran", written: "" };
const request: SweepRequest = { part: "stream", position: 6, towards: 40, from: 41 };
const rowOf = ({ restored, positions }: SweepReading, row: number): number[] => [
  ...restored.slice(row * positions, (row + 1) * positions),
];

test("the last layer restores everything at the position that predicts, and nothing elsewhere", async () => {
  const { inspection } = inspecting(open);
  const seen: number[] = [];
  const swept = await inspection.sweep(texts, other, request, ({ restored }) =>
    seen.push(restored.filter(Number.isNaN).length),
  );
  expect([swept.rows, swept.positions, swept.stopped]).toEqual([["embeddings", "layer 0", "layer 1"], 7, false]);
  const last = rowOf(swept, 2);
  expect(last.at(-1)).toBeCloseTo(1, 5);
  for (const share of last.slice(0, -1)) expect(share).toBeCloseTo(0, 5);
  // Where the texts agree, the embeddings are the same.
  for (const share of rowOf(swept, 0).slice(3)) expect(share).toBeCloseTo(0, 5);
  expect(Math.abs(rowOf(swept, 0)[0]!)).toBeGreaterThan(1e-3);
  expect(seen).toEqual([14, 7, 0]);
});

test("each value is what a patch of that layer and position gives", async () => {
  const { inspection } = inspecting(open);
  const swept = await inspection.sweep(texts, other, { ...request, part: "feed-forward" });
  expect(swept.rows).toEqual(["layer 0", "layer 1"]);
  const patched = await inspection.patch(texts, other, { layer: 0, part: "feed-forward" }, 1, 6);
  const [[a, b], restored] = [patched.tokens, rowOf(swept, 0)[1]!];
  const here = await inspection.sweep(texts, other, {
    ...request,
    part: "feed-forward",
    towards: a!.token.id,
    from: b!.token.id,
  });
  const gap = (key: "before" | "after" | "source"): number => Math.log(a![key]! / b![key]!);
  expect(here.before).toBeCloseTo(gap("before"), 4);
  expect(here.goal).toBeCloseTo(gap("source"), 4);
  expect(rowOf(here, 0)[1]).toBeCloseTo((gap("after") - gap("before")) / (gap("source") - gap("before")), 3);
  expect(restored).not.toBe(0);
});

test("an encoder's stream restores everything at every layer only together", async () => {
  const { inspection } = inspecting(await opened(bert(sizes)));
  const swept = await inspection.sweep(texts, other, request);
  expect(rowOf(swept, 2).map((share) => Number(share.toFixed(3)) + 0)).toEqual([0, 0, 0, 0, 0, 0, 1]);
});

test("it can be stopped, another takes its place, and it ends when another model is opened", async () => {
  const { inspection, open: openNext } = inspecting(open);
  const stopped = await inspection.sweep(texts, other, request, () => inspection.stop());
  expect([stopped.stopped, rowOf(stopped, 0).some(Number.isNaN), rowOf(stopped, 1).every(Number.isNaN)]).toEqual([
    true,
    false,
    true,
  ]);
  const [first, second] = await Promise.all([
    inspection.sweep(texts, other, request),
    inspection.sweep(texts, other, request),
  ]);
  expect([first.stopped, second.stopped]).toEqual([true, false]);
  const next = await opened(gpt({ ...sizes, layers: 1 }));
  const left = await inspection.sweep(texts, other, request, () => openNext(next));
  expect(left.stopped).toBe(true);
});

test("two texts that agree about the tokens have nothing to restore", async () => {
  await expect(inspecting(open).inspection.sweep(texts, texts, request)).rejects.toThrow(
    "both texts lead to the same difference between these two tokens, so there is nothing to restore. Choose two tokens that they disagree about.",
  );
});
