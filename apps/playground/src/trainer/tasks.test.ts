import type { Spec } from "@tenon/models";
import { expect, test } from "vitest";

import { decoder, plan, runTo } from "./testing/watched.ts";

const { vocabulary, width, dropout, tied } = decoder;
const { position, attention, feedForward, norm, residual, layers } = decoder;
const parts = { position, attention, feedForward, norm, residual, layers };

const encoder: Spec = {
  ...parts,
  version: 1,
  kind: "encoder",
  vocabulary,
  width,
  dropout,
  context: 16,
  segments: 0,
  embeddingNorm: true,
};
const side = { ...parts, context: 20, embeddingNorm: false };
const both: Spec = {
  version: 1,
  kind: "encoder-decoder",
  vocabulary,
  width,
  dropout,
  tied,
  encoder: side,
  decoder: { ...side, crossAttention: { kind: "multi-head", heads: 2, bias: false } },
};

test.each([
  ["encoder", encoder, "word", "Mia ___ home."],
  ["encoder-decoder", both, "byte-pairs", "Mia ___ to the ___."],
] as const)("an %s learns to fill", async (kind, spec, tokenizer, prompt) => {
  const state = await runTo(
    plan({ start: { kind: "new", spec, tokenizer, vocabulary: 300 } }, { steps: 25, prompts: [prompt, "no gap"] }),
  );
  expect(state.facts.kind).toBe(kind);
  expect(state.curve.heldOut.at(-1)).toBeLessThan(state.curve.loss[0]!);
  const [filled, without] = state.samples.slice(-2);
  expect(filled!.pieces.filter(({ by }) => by === "prompt").map(({ text }) => text)).toEqual(prompt.split("___"));
  expect(filled!.pieces.filter(({ by, text }) => by !== "prompt" && text !== "")).toHaveLength(
    prompt.split("___").length - 1,
  );
  expect(without!.problem).toContain("the prompt has no gap");
});
