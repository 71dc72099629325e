import type { Decoder, Encoder, EncoderDecoder } from "@tenon/models";
import { cpu, ids, scoped, type Tensor } from "@tenon/tensor";
import { expect, test } from "vitest";

import { droppedFolder, golden, wordsFile } from "../../testing/dropped.ts";
import { openFiles } from "../open-files.ts";
import type { Sequence } from "./subject-data.ts";
import { inspecting } from "./testing/opened.ts";

const words = wordsFile(["mia", "tom", "ran", "home"]);
const [here, there] = ["mia ran home", "tom ran home"];

test.each([
  "gpt2",
  "gptj",
  "llama",
  "gemma2",
  "gemma3",
  "mixtral",
  "BertForMaskedLM",
  "AlbertForMaskedLM",
  "t5",
  "bart",
])("a folder of Hugging Face is looked into with every tool: %s", async (name) => {
  const open = await openFiles(await droppedFolder(golden(name), { "tokenizer.json": words }), cpu());
  const { inspection } = inspecting(open);
  const [texts, other] = [
    { text: here, written: here },
    open.model.spec.kind === "encoder-decoder" ? { text: here, written: there } : { text: there, written: "" },
  ];
  const { main, source, layers, predicts } = await inspection.read(texts);
  expect(predicts).toBe(true);
  const left = open.model.backend.memory();

  const [t, s] = [main.tokens.length, source?.tokens.length ?? main.tokens.length];
  for (const { queries, keys, layers } of await inspection.attention(texts))
    for (const { heads, weights } of layers)
      expect(weights).toHaveLength(heads * (queries === "main" ? t : s) * (keys === "main" ? t : s));
  for (const { norms, entropies } of await inspection.stream(texts)) {
    expect(norms.every((length) => length > 0)).toBe(true);
    expect(
      entropies.every((each) => each!.every((entropy) => entropy >= 0 && entropy <= Math.log(Math.max(t, s)))),
    ).toBe(true);
  }

  // What the model itself says at the last token.
  const upload = ({ tokens }: Sequence): Tensor =>
    ids(
      tokens.map(({ id }) => id),
      [1, tokens.length],
      open.model.backend,
      { limit: 1e6 },
    );
  const logits = scoped(() =>
    source === undefined
      ? (open.model as Decoder | Encoder).forward(upload(main))
      : (open.model as EncoderDecoder).forward(upload(source), upload(main)),
  );
  const v = logits.shape.at(-1)!;
  const own = Array.from(await logits.read()).slice((t - 1) * v);
  logits[Symbol.dispose]();
  const top = Math.max(...own);
  const probability = 1 / own.reduce((sum, logit) => sum + Math.exp(logit - top), 0);

  const { candidates, distances } = await inspection.lens(texts);
  expect(candidates.at(-1)![t - 1]![0]!.token.id).toBe(own.indexOf(top));
  expect(candidates.at(-1)![t - 1]![0]!.probability).toBeCloseTo(probability, 5);
  expect(distances.every((distance) => distance > -1e-6)).toBe(true);

  const none = await inspection.ablate(texts, [], "zero", t - 1);
  expect(none.divergence).toBe(0);
  expect(none.tokens[0]!.before).toBeCloseTo(probability, 5);
  for (const [layer, { heads, sublayers }] of layers.entries()) {
    expect(sublayers).toContain("feed-forward");
    for (const part of sublayers) {
      const all = await inspection.ablate(texts, [{ layer, part }], "zero", t - 1);
      expect(all.divergences.some((divergence) => divergence > 0)).toBe(true);
    }
    const head = await inspection.ablate(
      texts,
      [{ layer, part: "attention", heads: [heads.attention - 1] }],
      "mean",
      t - 1,
    );
    expect(head.divergence).toBeGreaterThanOrEqual(-1e-6);
  }

  const whole = await inspection.patch(texts, other, { layer: layers.length - 1, part: "stream" }, undefined, t - 1);
  for (const { after, source } of whole.tokens) expect(after).toBeCloseTo(source!, 5);
  const [from, towards] = [whole.tokens[0]!.token.id, whole.tokens[1]!.token.id];
  const swept = await inspection.sweep(texts, other, { part: "stream", position: t - 1, towards, from });
  expect(swept.restored.at(-1)).toBeCloseTo(1, 3);
  await inspection.scheme({ scheme: "model", side: 0, layer: 0, length: 8 });
  expect(open.model.backend.memory()).toEqual(left);
});
