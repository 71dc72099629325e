// Every way of decoding goes on from a source that was read once; the answers are those of whole passes without a cache.
import { trace } from "@tenon/nn";
import {
  beamSearch,
  bestOf,
  contrastive,
  draftModel,
  functionModel,
  generate,
  generateBatch,
  gnmtScore,
  promptLookup,
  sample,
  speculative,
  type Decodable,
  type GenerateOptions,
  type Predictor,
} from "@tenon/sampling";
import { cpu, random, Scope, scoped } from "@tenon/tensor";
import { expect, test } from "vitest";

import { encoderDecoders } from "../../test/encoder-decoders.ts";
import { expectClose, filled, someIds, upload, whole } from "../../test/models.ts";
import type { EncodedSource } from "./encoded-source.ts";
import type { EncoderDecoder } from "./encoder-decoder.ts";

const [start, s, length, vocabulary] = [1, 7, 5, 13];
const source = someIds(vocabulary, s);

/** A source of which the end is padding. */
const encoded = (model: EncoderDecoder): EncodedSource =>
  model.encode(upload(source, 1, model.backend), { lengths: whole([length], [1], model.backend) });

/** With which weights each of the ids looks at each position of a source, in the last layer and on average over the heads, without a cache: [t][s]. */
async function looksOf(model: EncoderDecoder, read: readonly number[], ids: readonly number[]): Promise<number[][]> {
  const on = model.backend;
  using scope = new Scope();
  const { layers, layerGroups = layers } = model.spec.decoder;
  const pattern = `decoder.blocks.${layers - layers / layerGroups}.crossAttention.pattern`;
  const { taps } = scope.run(() =>
    trace(model, [pattern], () => model.forward(upload(read, 1, on), upload(ids, 1, on))),
  );
  const looks = taps[pattern]!.at(-1)!; // [1, h, t, s]
  const [values, heads] = [await looks.read(), looks.shape[1]!];
  return ids.map((_, i) =>
    read.map((__, j) => {
      const each = Array.from({ length: heads }, (___, h) => values[(h * ids.length + i) * read.length + j]!);
      return each.reduce((sum, weight) => sum + weight) / heads;
    }),
  );
}

/** The model as a function of the target's ids: a whole pass over the real source each time. */
function withoutCache(model: EncoderDecoder): Predictor {
  const pass = async (ids: readonly number[], what: "logits" | "state"): Promise<Float32Array> => {
    using scope = new Scope();
    const last = scope.run(() => {
      const real = upload(source.slice(0, length), 1, model.backend);
      const { output, taps } = trace(model, ["decoder.final"], () =>
        model.forward(real, upload(ids, 1, model.backend)),
      );
      return what === "logits" ? output : taps["decoder.final"]![0]!;
    });
    return Float32Array.from((await last.read()).slice(-last.shape.at(-1)!));
  };
  return functionModel((ids) => pass(ids, "logits"), {
    vocabulary: model.vocabulary,
    context: model.context,
    state: (ids) => pass(ids, "state"),
  });
}

async function continued(model: Decodable, options: GenerateOptions, prompt = [start]): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of generate(model, prompt, options)) ids.push(id);
  return ids;
}

test.each(encoderDecoders)("greedily, by samples, by drafts and by contrast: %s", async (_, spec) => {
  const on = cpu();
  const model = await filled(spec, on);
  using fast = encoded(model);
  const other = await filled({ ...spec, initial: "bert" }, on);
  const slow = withoutCache(model);
  const greedy = await continued(slow, {});
  expect(greedy).toHaveLength(model.context);
  expect(await continued(fast, {})).toEqual(greedy);
  const strategy = sample(random(2));
  expect(await continued(fast, { strategy })).toEqual(await continued(slow, { strategy }));
  using drafts = encoded(other);
  for (const draft of [promptLookup(), draftModel(drafts), draftModel(fast)])
    expect(await continued(fast, { search: speculative({ draft, tokens: 3 }) })).toEqual(greedy);
  const search = contrastive({ k: 4, alpha: 0.4 });
  expect(await continued(fast, { search })).toEqual(await continued(slow, { search }));
});

test.each(encoderDecoders)("by beams, which read one id each a step: %s", async (_, spec) => {
  const model = await filled(spec, cpu());
  using fast = encoded(model);
  for (const options of [
    { beams: 4, stop: [5], stopWhen: "hopeless" },
    { beams: 6, groups: 3, diversityPenalty: 0.7, maxTokens: 5 },
  ] as const) {
    const [found, expected] = [
      await beamSearch(fast, [start], options),
      await beamSearch(withoutCache(model), [start], options),
    ];
    expect(found.hypotheses.map(({ ids }) => ids)).toEqual(expected.hypotheses.map(({ ids }) => ids));
    for (const [i, { score }] of expected.hypotheses.entries())
      expect(Math.abs(found.hypotheses[i]!.score - score)).toBeLessThan(1e-4);
    expect(found.statistics.readTokens).toBeLessThan(expected.statistics.readTokens / 2);
  }
});

test.each(encoderDecoders)(
  "in batches of beginnings of different lengths, and the best of some samples: %s",
  async (_, spec) => {
    const model = await filled(spec, cpu());
    using fast = encoded(model);
    const prompts = [[start], [start, 4, 2, 7], [start, 3], [start]];
    const rows: number[][] = prompts.map(() => []);
    for await (const { row, id } of generateBatch(fast, prompts, { maxTokens: 5 })) rows[row]!.push(id);
    const alone: number[][] = [];
    for (const prompt of prompts) alone.push(await continued(withoutCache(model), { maxTokens: 5 }, prompt));
    expect(rows).toEqual(alone);
    const samples = { samples: 3, strategy: (i: number) => sample(random(7).fork(i)), maxTokens: 4 };
    const ids = (ranked: readonly { readonly ids: readonly number[] }[]) => ranked.map((one) => one.ids);
    expect(ids(await bestOf(fast, [start], samples))).toEqual(ids(await bestOf(withoutCache(model), [start], samples)));
  },
);

test.each(encoderDecoders)("where the last id looked in the source: %s", async (_, spec) => {
  const on = cpu();
  const model = await filled(spec, on);
  using fast = encoded(model);
  using cache = fast.cache();
  const ids = [1, 4, 2, 7];
  scoped(() => void fast.next(upload([...ids.slice(0, 3), ...ids.slice(0, 3)], 2, on), cache));
  const before = cache.length;
  expect((await scoped(() => fast.attention(cache)).read()).length).toBe(2 * s);
  expect(cache.length).toBe(before);
  scoped(() => void fast.next(upload([7, 7], 2, on), cache));
  const weights = [...(await scoped(() => fast.attention(cache)).read())].slice(s);

  expectClose(weights.slice(0, length), (await looksOf(model, source.slice(0, length), ids)).at(-1)!, 1e-5);
  expect(weights.slice(length)).toEqual([0, 0]);
});

test("the coverage penalty is made of these weights", async () => {
  const model = await filled(encoderDecoders[0]![1], cpu());
  using fast = model.encode(upload(source, 1, model.backend));
  const [alpha, beta] = [0.6, 0.8];
  const { hypotheses } = await beamSearch(fast, [start], {
    beams: 4,
    stop: [5],
    maxTokens: 8,
    score: gnmtScore({ alpha, beta }),
  });
  for (const { ids, score, logProbability } of hypotheses) {
    const looks = await looksOf(model, source, [start, ...ids.slice(0, -1)]);
    const coverage = source.map((_, j) => looks.reduce((sum, weights) => sum + weights[j]!, 0));
    const penalty = coverage.reduce((sum, weight) => sum + Math.log(Math.min(weight, 1)), 0);
    expect(penalty).toBeLessThan(0);
    expect(score).toBeCloseTo(logProbability / ((5 + ids.length) / 6) ** alpha + beta * penalty, 4);
  }
});
