// A predictor goes back, branches off and pads in its cache: whatever was asked before, and whatever the cache can do, the answer is that of a fresh one.
import { FixedCache, GrowingCache, QuantizedCache, SlidingCache, type AttentionCache } from "@tenon/attention";
import { generate, guided, predictor, promptLookup, sample, speculative } from "@tenon/sampling";
import type { CausalModel, Predictor } from "@tenon/sampling";
import { cpu, random } from "@tenon/tensor";
import { expect, test } from "vitest";

import { expectClose, filled, someIds } from "../test/models.ts";
import { DecoderCache } from "./decoder-cache.ts";
import { llama } from "./presets.ts";
import type { DecoderSpec } from "./spec.ts";

const context = 40;
const vocabulary = 13;
const plain = llama({ vocabulary, context, width: 16, layers: 2, heads: 2, hidden: 24 });
const windows = [4, 6];
const sliding = { ...plain, attention: { ...plain.attention, windows } };
const linear = { ...plain, attention: { kind: "linear", heads: 2 } };

const caches: [name: string, spec: DecoderSpec, layer?: (index: number) => AttentionCache][] = [
  ["fixed", plain, () => new FixedCache(context)],
  ["growing", plain, () => new GrowingCache()],
  ["quantized", plain, () => new QuantizedCache(new GrowingCache())],
  ["sliding", sliding, (i) => new SlidingCache({ window: windows[i]! })],
  ["sliding, room for one", sliding, (i) => new SlidingCache({ window: windows[i]!, slack: 1 })],
  ["sliding, with a way back", sliding, (i) => new SlidingCache({ window: windows[i]!, slack: 2, back: 3 })],
  ["quantized and sliding", sliding, (i) => new QuantizedCache(new SlidingCache({ window: windows[i]!, slack: 1 }))],
  ["linear", linear],
];

async function modelOf(
  spec: DecoderSpec,
  layer?: (index: number) => AttentionCache,
): Promise<CausalModel<DecoderCache>> {
  const decoder = await filled(spec, cpu());
  return {
    vocabulary,
    context,
    backend: decoder.backend,
    padded: true,
    cache: () => (layer === undefined ? decoder.cache() : new DecoderCache([0, 1].map(layer))),
    next: (ids, cache, input) => decoder.next(ids, cache, input),
    states: (ids, cache, input) => decoder.states(ids, cache, input),
    logits: (states) => decoder.logits(states),
  };
}

test.each(caches)("random questions: %s", async (_, spec, layer) => {
  const model = await modelOf(spec, layer);
  const { backend } = model;
  const base = backend.memory();
  const dice = random(5);
  const known = [someIds(vocabulary, 12, 1), someIds(vocabulary, 9, 2)];
  {
    using remembering = predictor(model);
    for (let i = 0; i < 80; i++) {
      const asked = Array.from({ length: 1 + dice.integer(3) }, () => {
        const from = known[dice.integer(known.length)]!;
        const kept = dice.integer(3) === 0 ? 1 + dice.integer(from.length) : from.length;
        const ids = [...from.slice(0, kept), ...someIds(vocabulary, dice.integer(4), i)].slice(0, context);
        known.push(ids);
        if (known.length > 5) known.shift();
        return ids;
      });
      const shortest = Math.min(...asked.map(({ length }) => length));
      const wanted = { logits: Math.min(1 + dice.integer(3), shortest), states: Math.min(dice.integer(3), shortest) };
      const found = await remembering.predict(asked, wanted);
      for (const [row, ids] of asked.entries()) {
        using fresh = predictor(model);
        const [expected] = await fresh.predict([ids], wanted);
        for (const what of ["logits", "states"] as const) {
          expect(found[row]![what]).toHaveLength(wanted[what]);
          for (const [place, values] of expected![what].entries()) expectClose(found[row]![what][place]!, values, 1e-4);
        }
      }
    }
  }
  expect(backend.memory()).toEqual(base);
});

test.each(caches)(
  "generations that interleave, one that is left, one that is in flight: %s",
  async (_, spec, layer) => {
    const model = await modelOf(spec, layer);
    const texts = (of: CausalModel<DecoderCache> | Predictor): Promise<number[][]> =>
      Promise.all(
        [1, 2, 3].map(async (seed) => {
          const search = seed === 3 ? speculative({ draft: promptLookup() }) : undefined;
          const options = { strategy: sample(random(seed)), maxTokens: 12, search };
          const found: number[] = [];
          for await (const { id } of generate(of, someIds(vocabulary, 5, seed), options)) found.push(id);
          return found;
        }),
      );
    const expected = await texts(model);
    using shared = predictor(model);
    for await (const { step } of generate(shared, someIds(vocabulary, 5, 3))) if (step === 3) break;
    expect(await texts(shared)).toEqual(expected);
    const inFlight = generate(shared, someIds(vocabulary, 5, 4));
    void inFlight.next();
    expect(await texts(shared)).toEqual(expected);
    await inFlight.return();
  },
);

test.each(caches)(
  "disposed while it answers, it answers first and leaves nothing behind: %s",
  async (_, spec, layer) => {
    const { states: _states, logits: _logits, ...model } = await modelOf(spec, layer); // asked one id after the other
    const base = model.backend.memory();
    const ids = someIds(vocabulary, 8, 4);
    const ask = (of: Predictor): Promise<unknown> => of.predict([ids], { logits: 4 });
    const leaving = predictor(model);
    const [answer, waiting] = [ask(leaving), ask(leaving)];
    for (let turns = 0; turns < 4; turns++) await Promise.resolve(); // so that the first has begun
    leaving[Symbol.dispose]();
    await expect(waiting).rejects.toThrow("This predictor is disposed");
    {
      using fresh = predictor(model);
      expect(await answer).toEqual(await ask(fresh));
    }
    expect(model.backend.memory()).toEqual(base);
  },
);

test("guidance asks for several logits of a sequence that has no more ids, beside a longer one", async () => {
  const model = await modelOf(plain);
  const prompt = [3, 1, 4, 1, 3, 1];
  const texts = [undefined, speculative({ draft: promptLookup(), tokens: 3 })].map(async (search) => {
    using more = guided(model, { scale: 1.5, promptLength: prompt.length });
    const found: number[] = [];
    for await (const { id } of generate(more, prompt, { search, maxTokens: 12 })) found.push(id);
    return found;
  });
  const [without, drafted] = await Promise.all(texts);
  expect(drafted).toEqual(without);
});
