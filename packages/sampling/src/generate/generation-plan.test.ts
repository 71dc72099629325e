import { cpu, isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";
import { pieceDecoder } from "../../test/decoders.ts";
import { markovModel } from "../../test/markov-model.ts";
import { generate } from "./generate.ts";
import type { GenerateOptions } from "./generate-options.ts";

const model = markovModel(
  cpu(),
  [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ],
  { context: 4 },
);

/** The message of the `ConfigError` that the call itself throws, before anything is computed. */
function refusal(prompt: ArrayLike<number>, options?: GenerateOptions): string {
  try {
    generate(model, prompt, options);
  } catch (error) {
    if (isTenonError(error, "ConfigError")) return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

test("an empty prompt", () => {
  expect(refusal([])).toBe(
    "The prompt has no tokens, and a causal model can only continue. Give it at least one, such as the tokenizer's token for the beginning of a text.",
  );
});

test("a prompt longer than the context names both and the remedy", () => {
  expect(refusal([0, 1, 2, 0, 1, 2, 0])).toBe(
    "The prompt has 7 tokens, but the model's context holds 4. Shorten it by 3, for instance by keeping the end: ids.slice(-4).",
  );
});

test.each([3, -1, 0.5, Number.NaN, "1" as never])("a prompt with the id %s", (id) => {
  expect(refusal([0, id])).toBe(
    `The prompt's token 1 is ${id}, but this model's ids go from 0 to 2. Encode the text with the model's own tokenizer.`,
  );
});

test("typed arrays are prompts too, and what happens to the caller's array later does not matter", async () => {
  const prompt = Int32Array.of(0, 2);
  const generation = generate(model, prompt, { maxTokens: 1 });
  prompt.fill(1);
  expect((await generation.next()).value).toMatchObject({ id: 0 });
});

test.each([0, -1, 1.5, Number.NaN, "5" as never])("maxTokens %s", (maxTokens) => {
  expect(refusal([0], { maxTokens })).toBe(`maxTokens is a whole number of at least 1, got ${maxTokens}`);
});

test.each([-1, 4, 1.5, Number.NaN])("alternatives %s", (alternatives) => {
  expect(refusal([0], { alternatives })).toBe(
    `alternatives is a whole number from 0 to the model's vocabulary of 3, got ${alternatives}`,
  );
});

test.each([3, -1, 0.5, "", "\ud83d", null as never])("stop %j", (stop) => {
  expect(refusal([0], { stop: [1, stop], decoder: pieceDecoder([]) })).toBe(
    `stop takes token ids from 0 to 2 and strings of at least one whole character, got ${JSON.stringify(stop)}`,
  );
});

test("a stop string without a decoder", () => {
  expect(refusal([0], { stop: ["\n\n"] })).toBe(
    'The stop string "\\n\\n" cannot be found without text: give generate() a decoder, such as tokenizer.decoder(), or stop at a token id.',
  );
});

test("an option that does not exist is refused, not ignored", () => {
  expect(refusal([0], { topP: 0.9 } as never)).toBe(
    'generate() has no option "topP". It has transforms, strategy, search, constraint, maxTokens, maxSeconds, stop, decoder, signal, alternatives, logits, scores; temperature, topK and topP go into transforms, as in transforms: [topK(40)]; beams have a function of their own, beamSearch().',
  );
});

test.each([
  ["context", undefined],
  ["context", Number.NaN],
  ["context", 0],
  ["vocabulary", undefined],
  ["vocabulary", 0],
])("a model whose %s is %s", (name, value) => {
  expect(() => generate({ ...model, [name]: value }, [0])).toThrow(
    "A model says its vocabulary and its context, both at least 1; this one says ",
  );
});

test("undefined options count as absent", async () => {
  const none = { transforms: undefined, strategy: undefined, maxTokens: undefined, stop: undefined };
  const rest = { decoder: undefined, signal: undefined, alternatives: undefined };
  expect((await generate(model, [0], { ...none, ...rest }).next()).value).toMatchObject({ id: 2, text: "", step: 0 });
});
