import { bert, type DecoderSpec, type Encoder, type EncoderSpec, gpt, transformer } from "@tenon/models";
import { ids } from "@tenon/tensor";
import { expect, test } from "vitest";

import { inspecting, opened, sizes, texts } from "./testing/opened.ts";

const specs: readonly [name: string, spec: DecoderSpec | EncoderSpec][] = [
  ["a decoder", gpt(sizes)],
  ["one without a final norm", { ...gpt(sizes), residual: { kind: "post-norm" } }],
  ["one whose logits are bent", { ...gpt(sizes), logits: { scale: 3, softCap: 2 } }],
  ["an encoder", bert(sizes)],
];

test.each(specs)("the last row is what the model says: %s", async (_, spec) => {
  const open = await opened(spec);
  const { rows, candidates, distances } = await inspecting(open).inspection.lens(texts);
  expect(rows).toEqual(["embeddings", "layer 0", "layer 1"]);
  const model = open.model as Encoder;
  const logits = await model.forward(ids([...Buffer.from(texts.text)], [1, 7], model.backend, { limit: 260 })).read();
  for (const [position, [best, second]] of candidates[2]!.entries()) {
    const row = [...logits].slice(position * 260, (position + 1) * 260);
    const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const ranked = [...row.keys()].sort((a, b) => row[b]! - row[a]!);
    expect([best!.token.id, second!.token.id]).toEqual(ranked.slice(0, 2));
    expect(best!.probability).toBeCloseTo(Math.exp(row[ranked[0]!]!) / total, 5);
    expect(distances[2 * 7 + position]).toBeCloseTo(0, 6);
    expect(distances[position]).toBeGreaterThan(0.001);
  }
});

test("of two sides it looks at the decoder", async () => {
  const { candidates } = await inspecting(await opened(transformer({ ...sizes, hidden: 32 }))).inspection.lens(texts);
  expect(candidates.map((row) => row.length)).toEqual([3, 3, 3]);
});

test("a model that predicts no tokens says so", async () => {
  const { inspection } = inspecting(await opened({ ...bert(sizes), head: { kind: "pooler" } }));
  await expect(inspection.lens(texts)).rejects.toThrow(
    'this model ends with the head "pooler", which does not predict tokens. Open a decoder, or an encoder with a head for masked words.',
  );
  expect((await inspection.read(texts)).predicts).toBe(false);
});
