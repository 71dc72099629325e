import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { byteVocabulary, textOf } from "../../test/constrained.ts";
import { collect } from "../../test/generations.ts";
import { generate } from "../generate/generate.ts";
import { functionModel } from "../predict/function-model.ts";
import { sample } from "../strategies/sample.ts";
import { choices } from "./choices.ts";
import type { Constraint } from "./constraint.ts";
import { jsonSchema } from "./json-schema.ts";
import { regex } from "./regex.ts";

const end = 256;
const pieces = [...byteVocabulary, undefined];
const untrained = functionModel(
  (ids) => {
    const dice = random(ids.reduce((sum, id) => (sum * 31 + id) % 1e9, 7));
    return Array.from({ length: 257 }, () => dice.normal());
  },
  { vocabulary: 257 },
);

async function written(constraint: Constraint, seed: number, maxTokens: number): Promise<string> {
  const options = { constraint, strategy: sample(random(seed)), maxTokens, stop: [end] };
  const ids = (await collect(generate(untrained, [end], options))).map(({ id }) => id);
  return textOf(
    pieces,
    ids.filter((id) => id !== end),
  );
}

test("an untrained model writes what the schema says, in as many tokens as it may", async () => {
  const schema = {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer", minimum: 0 } },
    required: ["name", "age"],
  };
  const constraint = jsonSchema(pieces, schema);
  for (let seed = 0; seed < 20; seed++) {
    const value = JSON.parse(await written(constraint, seed, 20 + seed)) as { name: unknown; age: unknown };
    expect(Object.keys(value)).toEqual(["name", "age"]);
    expect(typeof value.name).toBe("string");
    expect(value.age).toBeGreaterThanOrEqual(0);
  }
  await expect(written(constraint, 0, 18)).rejects.toThrow(
    "jsonSchema cannot be completed within 18 tokens. Allow more, or constrain to something shorter.",
  );
});

test.each<[Constraint, number[], string]>([
  [
    choices(byteVocabulary, ["a\nb"]),
    [10],
    'choices("a\\nb") can only go on with token 10, which is also a stop token',
  ],
  [choices([...pieces, "yes"], ["yes"]), [], 'choices("yes") allows token 257, but the model\'s ids go from 0 to 256.'],
  [/abc/ as never, [], "constraint is made by regex(pieces, pattern), jsonSchema(pieces, schema)"],
  [regex(pieces, /(abc)?/), [], "regex(/(abc)?/) cannot be completed within 2 tokens."],
])("what could not be completed says why: %#", async (constraint, stop, message) => {
  const options = { constraint, stop, maxTokens: 2 + stop.length };
  await expect((async () => collect(generate(untrained, [end], options)))()).rejects.toThrow(message);
});

test("an untrained model writes what a regular expression matches", async () => {
  const constraint = regex(pieces, /(?:[a-z]{2,4} )*[A-Z]\./);
  for (let seed = 0; seed < 20; seed++)
    expect(await written(constraint, seed, 2 + seed)).toMatch(/^(?:[a-z]{2,4} )*[A-Z]\.$/);
});
