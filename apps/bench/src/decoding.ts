// What ways of decoding cost, or save: a decoder of six layers on one thread of wasm, each beside plain generation.
import { wasm } from "@tenon/backend-wasm";
import {
  beamSearch,
  draftModel,
  generate,
  generateBatch,
  jsonSchema,
  predictor,
  promptLookup,
  sample,
  speculative,
  type Decodable,
  type GenerateOptions,
} from "@tenon/sampling";
import type { Decoder } from "@tenon/models";
import { random } from "@tenon/tensor";

import { modelAndDraft, pieces, repeating, sizes } from "./decoding-models.ts";
import { table } from "./table.ts";
import { transformCosts } from "./transforms.ts";

/** What a run made. */
interface Made {
  readonly tokens: number;
  readonly remark?: string;
}
const rounds = 3;
const maxTokens = 128;
const prompt = idsOf(1, 32);

/** Ids drawn evenly. */
function idsOf(seed: number, length: number): number[] {
  const dice = random(seed);
  return Array.from({ length }, () => dice.integer(sizes.vocabulary));
}

async function generated(model: Decodable, ids: readonly number[], options: GenerateOptions): Promise<Made> {
  const generation = generate(model, ids, { maxTokens, ...options });
  for await (const _ of generation);
  const { generatedTokens, draftedTokens, acceptedTokens } = generation.statistics;
  const right = draftedTokens && `${Math.round((100 * acceptedTokens) / draftedTokens)} % of the draft right`;
  return { tokens: generatedTokens, ...(right && { remark: right }) };
}

/** The most tokens per second of a few rounds, in turn: a neighbour on the machine slows a round down, and nothing speeds one up. */
async function rates(
  cases: Readonly<Record<string, () => Promise<Made>>>,
): Promise<Map<string, readonly [number, string]>> {
  const best = new Map<string, readonly [number, string]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(cases)) {
      const begun = performance.now();
      const { tokens, remark = "" } = await run();
      const rate = (1000 * tokens) / (performance.now() - begun);
      if (rate > (best.get(name)?.[0] ?? 0)) best.set(name, [rate, remark]);
    }
  }
  return best;
}

/** A comparison: the first of the cases is what the others are beside. */
async function compare(title: string, cases: Readonly<Record<string, () => Promise<Made>>>): Promise<void> {
  const found = await rates(cases);
  const [[first]] = [...found.values()] as [readonly [number, string]];
  const rows = [...found].map(([name, [rate, remark]]) => [
    name,
    rate.toFixed(0),
    `${(rate / first).toFixed(2)} ×`,
    remark,
  ]);
  console.log(`\n${table([title, "tokens/s", "", ""], rows)}`);
}

export async function decoding(): Promise<void> {
  const on = await wasm({ threads: 1 });
  const { model, draft } = await modelAndDraft(on);
  console.log(
    `\nDecoding with ${sizes.layers} layers of width ${sizes.width}, v = ${sizes.vocabulary}, on ${on.name} (best of ${rounds})`,
  );

  const drawn = (): GenerateOptions => ({ strategy: sample(random(3)) });
  const small = draftModel(draft);
  await compare("one after the other", {
    greedy: () => generated(model, prompt, {}),
    sample: () => generated(model, prompt, drawn()),
    "the draft alone": () => generated(draft, prompt, {}),
    "4 beams": async () => {
      const { statistics } = await beamSearch(model, prompt, { beams: 4, maxTokens });
      return { tokens: statistics.steps };
    },
  });
  await compare("speculative, greedy", {
    without: () => generated(model, prompt, {}),
    "2 ids of one layer": () => generated(model, prompt, { search: speculative({ draft: small, tokens: 2 }) }),
    "4 ids of one layer": () => generated(model, prompt, { search: speculative({ draft: small, tokens: 4 }) }),
    "8 ids of one layer": () => generated(model, prompt, { search: speculative({ draft: small, tokens: 8 }) }),
  });
  const transforms = [repeating(0, prompt.length)];
  const repeated = [...prompt, ...prompt.slice(0, 8)];
  await compare("a text that repeats", {
    without: () => generated(model, repeated, { transforms }),
    "prompt look-up, 4 ids": () =>
      generated(model, repeated, { transforms, search: speculative({ draft: promptLookup() }) }),
    "prompt look-up, 10 ids": () =>
      generated(model, repeated, { transforms, search: speculative({ draft: promptLookup(), tokens: 10 }) }),
  });
  const prompts = Array.from({ length: 8 }, (_, row) => idsOf(10 + row, 32));
  await compare("eight prompts", {
    "one by one": async () => {
      let tokens = 0;
      for (const one of prompts) tokens += (await generated(model, one, { maxTokens: 64 })).tokens;
      return { tokens };
    },
    "a batch": async () => {
      const batch = generateBatch(model, prompts, { maxTokens: 64 });
      for await (const _ of batch);
      return { tokens: batch.statistics.generatedTokens };
    },
  });
  await constrained(model);
  await conversation(model);
  await transformCosts(150_000);
}

async function constrained(model: Decodable): Promise<void> {
  const person = {
    name: { type: "string", maxLength: 20 },
    age: { type: "integer", minimum: 0, maximum: 130 },
    tags: { type: "array", items: { type: "string", maxLength: 12 } },
  };
  const schema = {
    type: "array",
    minItems: 8,
    items: { type: "object", properties: person, required: Object.keys(person) },
  };
  const texts = pieces();
  const begun = performance.now();
  const constraint = jsonSchema(texts, schema);
  const first = await generated(model, prompt, { strategy: sample(random(3)), constraint, maxTokens: 400 });
  const seconds = (performance.now() - begun) / 1000;
  await compare("a constraint", {
    none: () => generated(model, prompt, { strategy: sample(random(3)), maxTokens: 400 }),
    "jsonSchema, known": () => generated(model, prompt, { strategy: sample(random(3)), constraint, maxTokens: 400 }),
  });
  console.log(`making it and its first text: ${(first.tokens / seconds).toFixed(0)} tokens/s (${first.tokens} tokens)`);
}

/** The second turn of a conversation: 32 tokens more than was said, and 16 in answer. */
async function conversation(model: Decoder): Promise<void> {
  const said = idsOf(2, 320);
  const turn = { maxTokens: 16 };
  const again = async (keeps: boolean): Promise<number> => {
    using remembering = predictor(model);
    if (keeps) await generated(remembering, said, turn);
    const begun = performance.now();
    await generated(remembering, [...said, ...idsOf(5, 32)], turn);
    return performance.now() - begun;
  };
  const times = { anew: Infinity, kept: Infinity };
  for (let round = 0; round < rounds; round++) {
    times.anew = Math.min(times.anew, await again(false));
    times.kept = Math.min(times.kept, await again(true));
  }
  console.log(
    `\nsecond turn, 320 + 32 ids and 16 in answer: ${times.anew.toFixed(0)} ms read anew, ${times.kept.toFixed(0)} ms with the predictor of the first: ${(times.anew / times.kept).toFixed(1)} ×`,
  );
}
