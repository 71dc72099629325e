// A decoder is what `generate` of @tenon/sampling asks for, as it is.
import { generate, greedy, sample, temperature, topK, type GenerateOptions } from "@tenon/sampling";
import { cpu, random, scoped } from "@tenon/tensor";
import { expect, test } from "vitest";

import { filled, refusal, someIds, upload } from "../test/models.ts";
import { decoders } from "../test/specs.ts";
import type { Decoder } from "./decoder.ts";

const prompt = [3, 1, 4];
async function continued(model: Decoder, options: GenerateOptions): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of generate(model, prompt, options)) ids.push(id);
  return ids;
}

/** The most probable token again and again, from all ids so far each time. */
async function withoutCache(model: Decoder, count: number): Promise<number[]> {
  const ids = [...prompt];
  for (let i = 0; i < count; i++) {
    using logits = scoped(() => model.forward(upload(ids, 1, model.backend)));
    const last = (await logits.read()).slice(-model.vocabulary);
    ids.push(last.indexOf(Math.max(...last)));
  }
  return ids.slice(prompt.length);
}

test.each(decoders)("greedy with a cache says what argmax without one says: %s", async (_, spec) => {
  const model = await filled(spec, cpu());
  const text = await continued(model, { strategy: greedy(), maxTokens: 6 });
  expect(text).toEqual(await withoutCache(model, 6));
});

test.each(decoders)("the same seed gives the same text, another seed another: %s", async (_, spec) => {
  const on = cpu();
  const model = await filled(spec, on);
  const base = on.memory();
  const text = (seed: number): Promise<number[]> =>
    continued(model, { strategy: sample(random(seed)), transforms: [temperature(1.5), topK(12)], maxTokens: 7 });
  const first = await text(1);
  expect(await text(1)).toEqual(first);
  expect(await Promise.all([2, 3, 4].map(async (seed) => text(seed)))).not.toEqual([first, first, first]);
  expect(on.memory()).toEqual(base);
});

test("it ends where the context ends, with one token more than fits", async () => {
  const [[, spec]] = decoders as readonly [(typeof decoders)[number]];
  const model = await filled(spec, cpu());
  const generation = generate(model, prompt);
  let count = 0;
  for await (const _ of generation) count++;
  expect([count, generation.statistics.stopReason]).toEqual([model.context - prompt.length + 1, "context"]);
});

test("a prompt that is longer than the context is refused", async () => {
  const [[, spec]] = decoders as readonly [(typeof decoders)[number]];
  const model = await filled(spec, cpu());
  expect(refusal(() => generate(model, someIds(13, 10)))).toMatchInlineSnapshot(
    `"ConfigError: The prompt has 10 tokens, but the model's context holds 9. Shorten it by 1, for instance by keeping the end: ids.slice(-9)."`,
  );
});
