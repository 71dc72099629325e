import type { EncoderDecoder } from "@tenon/models";
import {
  badWords,
  beamSearch,
  forceFirst,
  generate,
  lengthNormalised,
  sample,
  suppress,
  temperature,
} from "@tenon/sampling";
import { ids as idTensor, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { droppedFolder, golden, wordsFile } from "../../testing/dropped.ts";
import { Turns } from "../../workers/turns.ts";
import { Models } from "../models.ts";
import { Running } from "../running.ts";
import type { Beginning, ShownToken } from "./generated.ts";
import { Generation } from "./generation.ts";
import { type SamplingSettings, usualSettings } from "./sampling-settings.ts";
import { Similarity } from "./similarity.ts";

async function opened(name: string, more: Readonly<Record<string, string>> = {}): Promise<[Models, Running]> {
  const turns = new Turns();
  const models = new Models(turns);
  await models.open({ kind: "files", files: await droppedFolder(golden(name), more) }, "cpu");
  return [models, new Running(turns)];
}

test("an encoder–decoder reads a text and writes another, as its configs say it begins and ends", async () => {
  const [models, running] = await opened("t5", { "tokenizer.json": wordsFile(["mia", "ran", "home"]) });
  const generation = new Generation(models, running);
  const tokens: ShownToken[] = [];
  let prompt: readonly number[] = [];
  const settings = { ...usualSettings, temperature: 2, seed: 3 };
  const from = { kind: "text", text: "mia ran" } as const;
  const end = await generation.start({ from, settings, maxTokens: 6 }, (event) => {
    if (event.kind === "begun") prompt = event.ids;
    else tokens.push(...event.tokens);
  });
  const model = models.current.model as EncoderDecoder;
  const { config } = models.current.pretrained!;
  expect(prompt).toEqual([config["decoder_start_token_id"]]);
  using source = model.encode(idTensor([2, 3, 0], [1, 3], model.backend, { limit: model.sourceVocabulary }));
  const expected: number[] = [];
  const size = models.current.tokenizer!.size;
  const only = { name: "only", apply: (logits: Float32Array) => logits.map((z, id) => (id < size ? z : -Infinity)) };
  const options = {
    maxTokens: 6,
    stop: [config["eos_token_id"] as number],
    transforms: [only, temperature(2)],
    strategy: sample(random(3)),
  };
  for await (const { id } of generate(source, prompt, options)) expected.push(id);
  expect(tokens.map(({ id }) => id)).toEqual(expected);
  expect(end.tokens).toBe(expected.length);
  expect(expected.length).toBeGreaterThan(2);
  // To go on from one of its tokens takes the same source.
  const ids = [...prompt, ...expected.slice(0, 1)];
  const { chosen } = await generation.distribution({ ids, promptLength: 1, settings });
  expect(chosen.id).toBe(expected[1]);
});

test("what a model's authors have laid down holds: where a text begins, what is not in it, and how it is looked for", async () => {
  const words = ["mia", "ran", "home"];
  const laidDown = { num_beams: 3, length_penalty: 3, forced_bos_token_id: 3, bad_words_ids: [[4]], eos_token_id: 0 };
  const [models, running] = await opened("t5", {
    "tokenizer.json": wordsFile(words),
    "generation_config.json": JSON.stringify({ ...laidDown, decoder_start_token_id: 0 }),
  });
  const generation = new Generation(models, running);
  const idsOf = async (from: Beginning, change: Partial<SamplingSettings>): Promise<number[]> => {
    const ids: number[] = [];
    await generation.start({ from, settings: { ...usualSettings, ...change }, maxTokens: 12 }, (event) => {
      if (event.kind === "tokens") ids.push(...event.tokens.map(({ id }) => id));
    });
    return ids;
  };
  const text: Beginning = { kind: "text", text: "mia ran" };
  const drawn = await Promise.all(Array.from({ length: 8 }, (_, seed) => idsOf(text, { temperature: 3, seed })));
  expect(new Set(drawn.map(([first]) => first))).toEqual(new Set([3]));
  expect(new Set(drawn.flatMap((ids) => ids.slice(1))).size).toBeGreaterThan(1);
  expect(drawn.flat()).not.toContain(4);
  // In the midst of a text nothing is forced.
  const further = await Promise.all(
    Array.from({ length: 8 }, (_, seed) => idsOf({ kind: "ids", ids: [0, 3] }, { temperature: 3, seed })),
  );
  expect(new Set(further.map(([first]) => first)).size).toBeGreaterThan(1);
  const found = await idsOf(text, { strategy: "beam-search", beams: 3 });
  const model = models.current.model as EncoderDecoder;
  using source = model.encode(idTensor([2, 3, 0], [1, 3], model.backend, { limit: model.sourceVocabulary }));
  const size = models.current.tokenizer!.size;
  const beyond = Array.from({ length: model.vocabulary - size }, (_, i) => size + i);
  const { hypotheses } = await beamSearch(source, [0], {
    beams: 3,
    maxTokens: 12,
    stop: [0],
    transforms: [suppress(beyond), badWords([[4]]), forceFirst(3)],
    score: lengthNormalised(3),
  });
  expect(found).toEqual(hypotheses[0]!.ids);
  expect(found).toHaveLength(12); // with no word on lengths it would be 2
});

test("a text that is too long, or a model of images, is refused in words", async () => {
  const [models, running] = await opened("t5", { "tokenizer.json": wordsFile(["mia"]) });
  const settings = { ...usualSettings, strategy: "greedy" } as const;
  const start = (generation: Generation, text: string): Promise<unknown> =>
    generation.start({ from: { kind: "text", text }, settings, maxTokens: 1 }, () => undefined);
  const { sourceContext } = models.current.model as EncoderDecoder;
  await expect(start(new Generation(models, running), "mia ".repeat(sourceContext))).rejects.toThrow(
    `The text has ${sourceContext + 1} tokens, but t5 reads ${sourceContext} at most. Shorten it.`,
  );
  await expect(start(new Generation(...(await opened("ViTModel"))), "mia")).rejects.toThrow(
    "ViTModel is a model of images. This page runs models of text only: open another.",
  );
  await expect(start(new Generation(...(await opened("sentences-mean"))), "mia")).rejects.toThrow(
    "sentences-mean is an encoder, which reads a text as a whole and writes none. Fill in masked words with it, or open a decoder.",
  );
});

test("a model of sentence-transformers makes its own vectors of sentences", async () => {
  const { pooling, cosines } = await new Similarity(...(await opened("sentences-mean"))).compare(["mia", "tom", "mia"]);
  expect(pooling).toBe("its own");
  expect(cosines[2]).toBeCloseTo(1, 6);
});
