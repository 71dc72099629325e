// In a batch, a decoder gives each row what generate gives it alone.
import { bestOf, generate, generateBatch, guided, predictor, sample, type Decodable } from "@tenon/sampling";
import { cpu, random, sizeOf } from "@tenon/tensor";
import { expect, test } from "vitest";

import { someCombinations } from "../test/combinations.ts";
import { expectClose, filled, someIds } from "../test/models.ts";
import { decoders as presets } from "../test/specs.ts";
import type { Decoder } from "./decoder.ts";
import { gpt } from "./presets.ts";
import type { DecoderSpec } from "./spec.ts";

interface Found {
  readonly ids: number[];
  readonly logits: number[];
}

const context = 14;
const options = { logits: true, maxTokens: 10 };
const combined = someCombinations.flatMap(([name, spec]) => (spec.kind === "decoder" ? [[name, spec] as const] : []));

async function alone(model: Decodable, prompt: readonly number[], stop: readonly number[]): Promise<Found> {
  const found: Found = { ids: [], logits: [] };
  for await (const { id, logits } of generate(model, prompt, { ...options, stop })) {
    found.ids.push(id);
    found.logits.push(...logits!);
  }
  return found;
}

async function together(model: Decodable, prompts: readonly number[][], stop: readonly number[]): Promise<Found[]> {
  const found = prompts.map((): Found => ({ ids: [], logits: [] }));
  for await (const { row, id, logits } of generateBatch(model, prompts, { ...options, stop })) {
    found[row]!.ids.push(id);
    found[row]!.logits.push(...logits!);
  }
  return found;
}

/** Lengths from 1 to nearly all of the context, one prompt twice; the longest ends first, and the others outgrow the room that it left them. */
const promptsFor = ({ vocabulary }: { readonly vocabulary: number }): number[][] => [
  [4],
  someIds(vocabulary, context - 3, 3),
  someIds(vocabulary, 5, 5),
  [4],
  [4, 2],
];

test.each([...presets, ...combined])("each row is as it is alone: %s", async (_, spec: DecoderSpec) => {
  const on = cpu();
  const model = await filled({ ...spec, context }, on);
  const base = on.memory();
  const prompts = promptsFor(model);
  const [first] = await together(model, prompts, []);
  for (const stop of [[], [first!.ids[4]!]]) {
    const rows = await together(model, prompts, stop);
    expect(on.memory()).toEqual(base);
    for (const [row, prompt] of prompts.entries()) {
      const expected = await alone(model, prompt, stop);
      expect(rows[row]!.ids).toEqual(expected.ids);
      expectClose(rows[row]!.logits, expected.logits, 1e-5);
    }
  }
});

/** What was read of each sequence, call by call. */
function reading(model: Decoder): { readonly model: Decodable & Disposable; readonly reads: number[][] } {
  const inner = predictor(model);
  const reads: number[][] = [];
  return {
    reads,
    model: {
      vocabulary: inner.vocabulary,
      context: inner.context,
      async predict(sequences, wanted) {
        const predictions = await inner.predict(sequences, wanted);
        reads.push(predictions.map(({ read }) => read));
        return predictions;
      },
      [Symbol.dispose]: () => inner[Symbol.dispose](),
    },
  };
}
const small = gpt({ vocabulary: 13, context, width: 16, layers: 2, heads: 4 });

test("a step reads one id of each row, also when rows have left; anew when they outgrow the room", async () => {
  const { model, reads } = reading(await filled(small, cpu()));
  using _ = model;
  const prompts = promptsFor(model);
  const rows = await together(model, prompts, []);
  expect(rows.map(({ ids }) => ids.length)).toEqual([10, 4, 10, 10, 10]);
  expect(reads[0]).toEqual([1, 11, 5, 2]); // two prompts are one
  expect(reads.slice(1, 4)).toEqual([1, 2, 3].map(() => [1, 1, 1, 1]));
  expect(reads[4]).toEqual([5, 9, 6]);
  expect(reads.slice(5)).toEqual([5, 6, 7, 8, 9].map(() => [1, 1, 1]));
});

test("a prompt that another one begins with is read once, whatever follows", async () => {
  const { model, reads } = reading(await filled(small, cpu()));
  using _ = model;
  const [said] = await together(model, [[4]], []);
  reads.length = 0;
  await together(model, [[4], [4, said!.ids[0]!], [4, ...said!.ids.slice(0, 3)]], []);
  expect(reads.slice(1).flat()).toEqual(reads.slice(1).flatMap((row) => row.map(() => 1)));
});

test("the samples of a best of n read their prompt once", async () => {
  const on = cpu();
  const { model, reads } = reading(await filled(small, on));
  const prompt = someIds(13, 6, 5);
  {
    using _ = model;
    const ranked = await bestOf(model, prompt, {
      samples: 4,
      strategy: (i) => sample(random(7).fork(i)),
      maxTokens: 5,
    });
    expect(new Set(ranked.map(({ ids }) => ids.join())).size).toBe(4);
    expect(reads[0]).toEqual([6]);
    expect(
      reads
        .slice(1)
        .flat()
        .every((read) => read === 1),
    ).toBe(true);
    expect(reads.at(-1)).toHaveLength(4);
  }
});

test("guidance reads on with both prompts, in one batch or with two caches", async () => {
  const on = cpu();
  const decoder = await filled(small, on);
  const prompt = someIds(13, 6, 5);
  const base = on.memory();
  const found: Found[] = [];
  const read: number[] = [];
  for (const padded of [true, false]) {
    const { vocabulary, backend } = decoder;
    const heard = {
      vocabulary,
      context,
      backend,
      padded,
      cache: () => decoder.cache(),
      next(...args: Parameters<Decoder["next"]>) {
        read.push(sizeOf(args[0].shape));
        return decoder.next(...args);
      },
    };
    using model = guided(heard, { scale: 2.5, promptLength: 6, negative: [3, 1] });
    found.push(await alone(model, prompt, []));
  }
  expect(on.memory()).toEqual(base);
  expect(found[0]!.ids).toEqual(found[1]!.ids);
  expectClose(found[0]!.logits, found[1]!.logits, 1e-5);
  const steps = found[0]!.ids.length;
  expect(read).toEqual([
    12,
    ...new Array<number>(steps - 1).fill(2),
    6,
    2,
    ...new Array<number>(2 * (steps - 1)).fill(1),
  ]);
});
