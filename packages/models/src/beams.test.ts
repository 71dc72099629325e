// Beams branch off in a decoder's cache, and find what a search finds that reads every beginning anew.
import { beamSearch, functionModel, predictor, type BeamOptions } from "@tenon/sampling";
import { cpu, scoped } from "@tenon/tensor";
import { expect, test } from "vitest";

import { filled, upload } from "../test/models.ts";
import { decoders } from "../test/specs.ts";
import type { Decoder } from "./decoder.ts";

const prompt = [3, 1, 4];
const searches: readonly BeamOptions[] = [
  { beams: 4, stop: [5], stopWhen: "hopeless" },
  { beams: 6, groups: 3, diversityPenalty: 0.7, maxTokens: 5 },
];

/** The model as a function of all ids, which remembers nothing. */
const uncached = (model: Decoder): ReturnType<typeof functionModel> =>
  functionModel(
    async (ids) => {
      using logits = scoped(() => model.forward(upload(ids, 1, model.backend)));
      return (await logits.read()).slice(-model.vocabulary);
    },
    { vocabulary: model.vocabulary, context: model.context },
  );

test.each(decoders)("beams with a cache find what those without one find: %s", async (_, spec) => {
  const on = cpu();
  const model = await filled(spec, on);
  const base = on.memory();
  for (const options of searches) {
    const cached = await beamSearch(model, prompt, options);
    const plain = await beamSearch(uncached(model), prompt, options);
    expect(cached.hypotheses.map(({ ids }) => ids)).toEqual(plain.hypotheses.map(({ ids }) => ids));
    for (const [i, { score }] of plain.hypotheses.entries())
      expect(Math.abs(cached.hypotheses[i]!.score - score)).toBeLessThan(1e-4);
    expect(cached.statistics.readTokens).toBeLessThan(plain.statistics.readTokens / 2);
    expect(on.memory()).toEqual(base);
  }
});

test("a predictor that is handed in remembers the prompt for the next search", async () => {
  const [[, spec]] = decoders as readonly [(typeof decoders)[number]];
  const on = cpu();
  const model = await filled(spec, on);
  const base = on.memory();
  {
    using remembering = predictor(model);
    const options = { beams: 3, maxTokens: 3 };
    const first = await beamSearch(remembering, prompt, options);
    const second = await beamSearch(remembering, prompt, options);
    expect([first.statistics.reusedTokens, second.statistics.reusedTokens]).toEqual([0, prompt.length - 1]);
    expect(second.hypotheses.map(({ ids }) => ids)).toEqual(first.hypotheses.map(({ ids }) => ids));
  }
  expect(on.memory()).toEqual(base);
});
