// What recurrent translators say with the ways of decoding of @tenon/sampling: the same as a model that reads everything anew.
import {
  beamSearch,
  contrastive,
  functionModel,
  generate,
  generateBatch,
  gnmtScore,
  predictor,
  promptLookup,
  sample,
  speculative,
  type BeamOptions,
  type Decodable,
  type GenerateOptions,
  type Predictor,
} from "@tenon/sampling";
import { trace } from "@tenon/nn";
import { cpu, random, scoped } from "@tenon/tensor";
import { describe, expect, test } from "vitest";

import { expectClose, someIds, upload } from "../../test/models.ts";
import { sizes, translator, translators } from "../../test/translators.ts";
import type { RecurrentTranslator } from "./recurrent-translator.ts";

const source = someIds(sizes.sourceVocabulary, 6, 4);
const on = cpu();

/** The same model as a function of all ids, by `forward` alone. */
function uncached(model: RecurrentTranslator): Predictor {
  const last = (values: ArrayLike<number>, width: number): Float32Array => Float32Array.from(values).slice(-width);
  const logits = async (ids: readonly number[]): Promise<Float32Array> => {
    using z = scoped(() => model.forward(upload(source, 1, on), upload(ids, 1, on)));
    return last(await z.read(), sizes.vocabulary);
  };
  const tapped = (tap: string, width: number) => async (ids: readonly number[]) => {
    const passed = scoped(() => {
      const { taps } = trace(model, [tap], () => model.forward(upload(source, 1, on), upload(ids, 1, on)));
      return taps[tap]!;
    });
    const found = last(await passed.at(-1)!.read(), width);
    for (const each of passed) each[Symbol.dispose]();
    return found;
  };
  return functionModel(logits, {
    vocabulary: sizes.vocabulary,
    state: tapped("decoder.final", sizes.readout!),
    attention: model.attention && tapped("attention.pattern", source.length),
  });
}

async function said(model: Decodable, options: GenerateOptions, prompt: readonly number[] = [1]): Promise<number[]> {
  const found: number[] = [];
  for await (const { id } of generate(model, prompt, { maxTokens: 9, ...options })) found.push(id);
  return found;
}

describe.each(translators)("%s", (name) => {
  test.each<[string, GenerateOptions]>([
    ["greedy", {}],
    ["sampling", { strategy: sample(random(3)) }],
    ["contrastive search", { search: contrastive({ k: 3, alpha: 0.5 }) }],
    [
      "speculative decoding, which reads what it takes back once more",
      { search: speculative({ draft: promptLookup() }) },
    ],
  ])("%s says what it says without a cache", async (_, options) => {
    const model = await translator(name, on);
    const base = on.memory();
    {
      using ids = upload(source, 1, on);
      using read = model.encode(ids);
      const found = await said(read, options);
      expect(found).toHaveLength(9);
      expect(new Set(found).size).toBeGreaterThan(1);
      // The strategy has its own state: a fresh one for the second run.
      const again = options.strategy === undefined ? options : { strategy: sample(random(3)) };
      expect(await said(uncached(model), again)).toEqual(found);
    }
    expect(on.memory()).toEqual(base);
  });

  test("one id is read for each that is said", async () => {
    const model = await translator(name, on);
    using read = model.encode(upload(source, 1, on));
    using asked = predictor(read);
    const reads: number[] = [];
    for (const ids of [
      [1, 2, 3],
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
      [1, 2],
    ])
      reads.push((await asked.predict([ids]))[0]!.read);
    expect(reads).toEqual([3, 1, 1, 2]);
  });

  test("in a batch of beginnings each goes on as it does alone", async () => {
    const model = await translator(name, on);
    using read = model.encode(upload(source, 1, on));
    const prompts = [[1], [4, 2, 6], [3, 3], [4, 2]];
    const rows: number[][] = prompts.map(() => []);
    for await (const { row, id } of generateBatch(read, prompts, { maxTokens: 6, stop: [5] })) rows[row]!.push(id);
    for (const [row, prompt] of prompts.entries())
      expect(rows[row]).toEqual(await said(read, { maxTokens: 6, stop: [5] }, prompt));
  });

  const ways: BeamOptions[] = [
    { beams: 4, maxTokens: 6, stop: [5] },
    { beams: 3, maxTokens: 5, stop: [5], score: gnmtScore({ alpha: 0.4, beta: 0.6 }) },
  ];
  test("beams branch off in the state and find what a search without a cache finds", async () => {
    const model = await translator(name, on);
    using read = model.encode(upload(source, 1, on));
    for (const options of name === "rnn-search" ? ways : ways.slice(0, 1)) {
      const [found, expected] = [await beamSearch(read, [1], options), await beamSearch(uncached(model), [1], options)];
      expect(found.hypotheses.map(({ ids }) => ids)).toEqual(expected.hypotheses.map(({ ids }) => ids));
      const scores = found.hypotheses.map(({ score }) => score);
      expectClose(
        scores,
        expected.hypotheses.map(({ score }) => score),
        1e-5,
      );
      expect(found.statistics.readTokens).toBeLessThan(expected.statistics.readTokens / 1.5);
    }
  });
});

test("a coverage penalty needs an attention, which one vector for the source does not have", async () => {
  const model = await translator("rnn-encoder-decoder", on);
  using read = model.encode(upload(source, 1, on));
  await expect(beamSearch(read, [1], { beams: 2, maxTokens: 3, score: gnmtScore({ beta: 0.2 }) })).rejects.toThrow(
    "the model has no attention(cache). Leave the coverage penalty out.",
  );
});

test("a coverage penalty changes what is found", async () => {
  const model = await translator("rnn-search", on);
  using read = model.encode(upload(source, 1, on));
  const search = async (beta: number): Promise<number[]> => {
    const { hypotheses } = await beamSearch(read, [1], { beams: 4, maxTokens: 6, score: gnmtScore({ beta }) });
    return hypotheses.map(({ score }) => score);
  };
  expect(await search(2)).not.toEqual(await search(0));
});
