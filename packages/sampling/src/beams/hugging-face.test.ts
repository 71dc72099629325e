// What Hugging Face's generate finds with the same tables: goldens/beams.py.
import { expect, test } from "vitest";
import golden from "../../goldens/beams.json" with { type: "json" };
import { collect } from "../../test/generations.ts";
import { generate } from "../generate/generate.ts";
import { functionModel } from "../predict/function-model.ts";
import type { LogitsTransform } from "../transforms/logits-transform.ts";
import type { StopWhen } from "./beam-options.ts";
import { beamSearch } from "./beam-search.ts";
import { lengthNormalised } from "./length-normalised.ts";

const { first, second, unit, vocabulary, prompt } = golden;
const model = functionModel((ids) => first[ids.at(-1)!]!.map((one, id) => (one + second[ids.at(-2)!]![id]!) / unit), {
  vocabulary,
});
const stopWhen = new Map<unknown, StopWhen>([
  [undefined, "unlikely"],
  [false, "unlikely"],
  [true, "enough"],
  ["never", "hopeless"],
]);

interface Options {
  num_beams: number;
  num_return_sequences?: number;
  num_beam_groups?: number;
  diversity_penalty?: number;
  eos_token_id: number | number[] | null;
  length_penalty?: number;
  early_stopping?: boolean | string;
  max_new_tokens?: number;
  repetition_penalty?: number;
  no_repeat_ngram_size?: number;
  min_new_tokens?: number;
}

const changed = (name: string, change: LogitsTransform["apply"]): LogitsTransform => ({ name, apply: change });

/** The library's processors, in its order of application. */
function transformsOf(options: Options): LogitsTransform[] {
  const {
    repetition_penalty: penalty,
    no_repeat_ngram_size: n,
    min_new_tokens: least = 0,
    eos_token_id: eos,
  } = options;
  const repetition = changed("repetition penalty", (logits, { ids }) =>
    logits.map((logit, id) => (ids.includes(id) ? (logit < 0 ? logit * penalty! : logit / penalty!) : logit)),
  );
  const bigrams = changed("no repeated bigrams", (logits, { ids }) =>
    logits.map((logit, id) =>
      ids.some((one, i) => i > 0 && one === id && ids[i - 1] === ids.at(-1)) ? -Infinity : logit,
    ),
  );
  const minimum = changed("minimum length", (logits, { ids, promptLength }) =>
    logits.map((logit, id) => (id === eos && ids.length - promptLength! < least ? -Infinity : logit)),
  );
  return [...(penalty ? [repetition] : []), ...(n === 2 ? [bigrams] : []), ...(least > 0 ? [minimum] : [])];
}

/** The library writes the first end token for whichever ended the sequence. */
const oneEnd = (ids: readonly number[], stop: readonly number[]): number[] =>
  ids.map((id, i) => (i === ids.length - 1 && stop.includes(id) ? stop[0]! : id));

const cases = golden.cases as readonly { name: string; options: Options; ids: number[][]; scores: number[] | null }[];

test.each(cases.filter(({ scores }) => scores !== null))("$name", async ({ options, ids, scores }) => {
  const stop = [options.eos_token_id ?? []].flat();
  const { hypotheses } = await beamSearch(model, prompt, {
    beams: options.num_beams,
    results: options.num_return_sequences,
    groups: options.num_beam_groups,
    diversityPenalty: options.diversity_penalty,
    maxTokens: options.max_new_tokens ?? golden.maxTokens,
    stop,
    transforms: transformsOf(options),
    score: lengthNormalised(options.length_penalty ?? 1),
    stopWhen: stopWhen.get(options.early_stopping),
  });
  // What two groups have found is listed twice by the library, and once here.
  const listed = ids.map(String);
  const once = [...ids.keys()].filter((row) => !options.num_beam_groups || listed.indexOf(listed[row]!) === row);
  expect(hypotheses.map((one) => oneEnd(one.ids, stop))).toEqual(once.map((row) => ids[row]));
  for (const [i, row] of once.entries()) expect(Math.abs(hypotheses[i]!.score - scores![row]!)).toBeLessThan(1e-5);
});

test.each(cases.filter(({ scores }) => scores === null))("$name, by generate and by one beam", async (one) => {
  const stop = [one.options.eos_token_id ?? []].flat();
  const options = { maxTokens: golden.maxTokens, stop };
  const { hypotheses } = await beamSearch(model, prompt, { beams: 1, ...options });
  expect(hypotheses.map(({ ids }) => ids)).toEqual(one.ids);
  const found = await collect(generate(model, prompt, options));
  expect([found.map(({ id }) => id)]).toEqual(one.ids);
});

test("the goldens tell the rules of stopping apart", () => {
  const found = cases
    .filter(({ name }) => name.startsWith("2 beams, length penalty 1.0"))
    .map(({ ids }) => JSON.stringify(ids));
  expect(new Set(found).size).toBe(3);
});
