// Searches ask a decoder for several logits, hidden states and batches through its cache; the answers are those of whole passes without one.
import {
  contrastive,
  draftModel,
  functionModel,
  generate,
  promptLookup,
  sample,
  speculative,
  temperature,
  topK,
  type Drafter,
  type GenerateOptions,
  type Predictor,
} from "@tenon/sampling";
import { trace } from "@tenon/nn";
import { cpu, random, Scope } from "@tenon/tensor";
import { expect, test } from "vitest";

import { filled, upload } from "../test/models.ts";
import { decoders } from "../test/specs.ts";
import type { Decoder } from "./decoder.ts";

const prompt = [3, 1, 4, 1];
async function continued(
  model: Decoder | Predictor,
  options: GenerateOptions,
): Promise<[ids: number[], accepted: number]> {
  const ids: number[] = [];
  const generation = generate(model, prompt, options);
  for await (const { id } of generation) ids.push(id);
  return [ids, generation.statistics.acceptedTokens];
}

/** The model as a function of all ids: a whole pass each time. */
function withoutCache(model: Decoder): Predictor {
  const pass = async (ids: readonly number[], what: "logits" | "state"): Promise<Float32Array> => {
    using scope = new Scope();
    const last = scope.run(() => {
      const { output, taps } = trace(model, ["final"], () => model.forward(upload(ids, 1, model.backend)));
      return what === "logits" ? output : taps["final"]![0]!;
    });
    return Float32Array.from((await last.read()).slice(-last.shape.at(-1)!));
  };
  return functionModel((ids) => pass(ids, "logits"), {
    vocabulary: model.vocabulary,
    context: model.context,
    state: (ids) => pass(ids, "state"),
  });
}

test.each(decoders)("contrastive search with a cache finds what it finds without one: %s", async (_, spec) => {
  const on = cpu();
  const model = await filled(spec, on);
  const base = on.memory();
  for (const [k, alpha] of [
    [3, 0.6],
    [13, 0.2],
  ] as const) {
    const options = { search: contrastive({ k, alpha }) };
    const [ids] = await continued(model, options);
    expect(ids).toHaveLength(model.context - prompt.length + 1);
    expect(on.memory()).toEqual(base);
    expect(await continued(withoutCache(model), options)).toEqual([ids, 0]);
  }
});

test.each(decoders)(
  "speculative decoding with a cache says what plain decoding without one says: %s",
  async (_, spec) => {
    const on = cpu();
    const model = await filled(spec, on);
    const other = await filled({ ...spec, layers: 1 }, on);
    const base = on.memory();
    const ways: GenerateOptions[] = [
      {},
      { strategy: sample(random(2)), transforms: [temperature(1.5), topK(12)] },
      { strategy: sample(random(3)), maxTokens: 4 },
    ];
    for (const options of ways) {
      const [plain] = await continued(withoutCache(model), options);
      const drafters: Drafter[] = [promptLookup(), draftModel(other), draftModel(model)];
      for (const draft of drafters) {
        const [ids] = await continued(model, { ...options, search: speculative({ draft, tokens: 3 }) });
        expect(ids).toEqual(plain);
        expect(on.memory()).toEqual(base);
      }
    }
  },
);

test.each(decoders.slice(0, 4))(
  "rejection sampling with a cache draws what it draws without one: %s",
  async (_, spec) => {
    const on = cpu();
    const model = await filled(spec, on);
    const other = await filled({ ...spec, layers: 1 }, on);
    const base = on.memory();
    let accepted = 0;
    for (const seed of [1, 2, 3]) {
      const drawn = (draft: Drafter): GenerateOptions => ({
        search: speculative({ draft, tokens: 2, random: random(seed) }),
        transforms: [topK(8)],
      });
      const cached = await continued(model, drawn(draftModel(other)));
      expect(await continued(withoutCache(model), drawn(draftModel(withoutCache(other))))).toEqual(cached);
      accepted += cached[1];
      expect(on.memory()).toEqual(base);
    }
    expect(accepted).toBeGreaterThan(0);
  },
);

test("a decoder that is left in the middle of a draft gives everything back", async () => {
  const [[, spec]] = decoders as readonly [(typeof decoders)[number]];
  const on = cpu();
  const model = await filled(spec, on);
  const base = on.memory();
  for (const search of [speculative({ draft: draftModel(model) }), contrastive({ k: 2, alpha: 0.5 })]) {
    for await (const _ of generate(model, prompt, { search })) break;
    expect(on.memory()).toEqual(base);
  }
});
