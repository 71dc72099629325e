import type { Decoder } from "@tenon/models";
import { generate, slidingModel } from "@tenon/sampling";
import { expect, test } from "vitest";

import { engineWith } from "../../testing/engine.ts";
import type { GenerationEnd, GenerationRequest, ShownToken } from "./generated.ts";
import { Generation } from "./generation.ts";
import { type SamplingSettings, usualSettings } from "./sampling-settings.ts";

const { models, running } = await engineWith("story-decoder");
const generation = new Generation(models, running);
const greedy: SamplingSettings = { ...usualSettings, strategy: "greedy" };
const prompt = "One dark night, Mia the fox";

interface Written {
  readonly prompt: readonly number[];
  readonly tokens: readonly ShownToken[];
  readonly end: GenerationEnd;
}

async function written(from: GenerationRequest["from"], settings: SamplingSettings, maxTokens = 12): Promise<Written> {
  const tokens: ShownToken[] = [];
  let ids: readonly number[] = [];
  const end = await generation.start({ from, settings, maxTokens }, (event) => {
    if (event.kind === "begun") ({ ids } = event);
    else tokens.push(...event.tokens);
  });
  return { prompt: ids, tokens, end };
}

const idsOf = ({ tokens }: Written): number[] => tokens.map(({ id }) => id);
const textOf = ({ tokens }: Written): string => tokens.map(({ text }) => text).join("");

test("greedily it writes what generate itself does", async () => {
  const { tokenizer, model } = models.current;
  const ids: number[] = [];
  const options = { maxTokens: 12, decoder: tokenizer!.decoder(tokenizer!.encode(prompt)) };
  let text = "";
  for await (const token of generate(slidingModel(model as Decoder), tokenizer!.encode(prompt), options)) {
    ids.push(token.id);
    text += token.text;
  }
  const ours = await written({ kind: "text", text: prompt }, greedy);
  expect(idsOf(ours)).toEqual(ids);
  expect(textOf(ours)).toBe(text);
  expect(ours.end).toMatchObject({ reason: "length", tokens: 12, promptTokens: ours.prompt.length });
});

test("alternatives are the most probable tokens; the chosen one has the probability that it has among them", async () => {
  const { tokens } = await written({ kind: "text", text: prompt }, greedy);
  for (const { id, probability, alternatives } of tokens) {
    expect(alternatives).toHaveLength(10);
    expect(alternatives[0]).toMatchObject({ id, probability });
    expect(alternatives.map(({ probability }) => probability)).toEqual(
      alternatives.map(({ probability }) => probability).toSorted((a, b) => b - a),
    );
    expect(alternatives.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1 + 1e-6);
  }
});

test("to go on from an alternative is to go on from the ids up to it", async () => {
  const settings = { ...usualSettings, seed: 5 };
  const first = await written({ kind: "text", text: prompt }, settings);
  const other = first.tokens[3]!.alternatives.find(({ id }) => id !== first.tokens[3]!.id)!;
  const ids = [...first.prompt, ...idsOf(first).slice(0, 3), other.id];
  const branch = await written({ kind: "ids", ids }, settings, 5);
  // The draws belong to the place in the text, so that what came before does not matter.
  const kept = await written({ kind: "ids", ids: [...first.prompt, ...idsOf(first).slice(0, 3)] }, settings, 9);
  expect(idsOf(kept)).toEqual(idsOf(first).slice(3));
  expect(branch.prompt).toEqual(ids);
  const { model } = models.current;
  const expected: number[] = [];
  for await (const { id } of generate(slidingModel(model as Decoder), ids, { maxTokens: 5 })) expected.push(id);
  expect(idsOf(await written({ kind: "ids", ids }, greedy, 5))).toEqual(expected);
});

test("it ends at the end of a story, goes on beyond the context, and stops when it is told to", async () => {
  const story = await written({ kind: "text", text: "" }, greedy, 400);
  expect(story.end.reason).toBe("token");
  expect(story.tokens.at(-1)).toMatchObject({ text: "", name: "<|endoftext|>" });
  let count = 0;
  const stopped = generation.start({ from: { kind: "text", text: prompt }, settings: greedy, maxTokens: 400 }, () => {
    if (++count === 3) running.stop();
  });
  expect((await stopped).reason).toBe("stopped");
});

test("a beam search finds what is at least as probable as the greedy text", async () => {
  const logProbability = ({ tokens }: Written): number =>
    tokens.reduce((sum, { probability }) => sum + Math.log(probability), 0);
  const from = { kind: "text", text: prompt } as const;
  const beams = await written(from, { ...greedy, strategy: "beam-search", beams: 3 }, 6);
  expect(beams.tokens).toHaveLength(6);
  expect(logProbability(beams)).toBeGreaterThanOrEqual(logProbability(await written(from, greedy, 6)) - 1e-4);
  expect(beams.end.hypotheses).toHaveLength(3);
  for (const { id, probability, alternatives } of beams.tokens)
    expect(alternatives.find((other) => other.id === id)?.probability ?? probability).toBeCloseTo(probability, 5);
});

test("the distribution after all transforms is the one that is drawn from", async () => {
  const settings = {
    ...usualSettings,
    temperature: 1.3,
    topK: 12,
    topP: 0.9,
    minP: 0.02,
    repetitionPenalty: 1.2,
    seed: 9,
  };
  const { prompt: ids, tokens } = await written({ kind: "text", text: prompt }, settings);
  for (const place of [0, 4, 11]) {
    const before = [...ids, ...tokens.slice(0, place).map(({ id }) => id)];
    const {
      stages,
      chosen,
      tokens: shown,
    } = await generation.distribution({
      ids: before,
      promptLength: ids.length,
      settings,
    });
    expect(stages.map(({ name }) => name)).toEqual([
      "the model",
      "repetitionPenalty(1.2)",
      "temperature(1.3)",
      "topK(12)",
      "topP(0.9)",
      "minP(0.02)",
    ]);
    expect(chosen.id).toBe(tokens[place]!.id);
    const last = stages.at(-1)!;
    expect(last.kept).toBeLessThanOrEqual(12);
    // All that is left is among the twenty that are shown.
    expect(last.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    expect(last.open[shown.findIndex(({ id }) => id === chosen.id)]).toBe(true);
    expect(stages[3]!.kept).toBe(12);
  }
});

test("logits that are not kept are computed again", async () => {
  const request = { ids: [5, 9, 200, 31], promptLength: 4, settings: greedy };
  const again = new Generation(models, running);
  const [kept, fresh] = [await generation.distribution(request), await again.distribution(request)];
  expect(fresh).toEqual(kept);
  expect(fresh.stages[0]!.kept).toBe(models.current.tokenizer!.size);
});

test("what a model cannot do is said", async () => {
  await expect(written({ kind: "chat", text: "Hello" }, greedy)).rejects.toThrow(
    "story-decoder.safetensors has no chat template, so it was not trained to answer. Let it continue a text.",
  );
  await expect(generation.distribution({ ids: [], promptLength: 0, settings: greedy })).rejects.toThrow(
    "There is no text yet. Generate one.",
  );
});
