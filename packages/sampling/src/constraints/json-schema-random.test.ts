import { random } from "@tenon/tensor";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect, test } from "vitest";
import {
  byteVocabulary,
  characterVocabulary,
  fewestTokens,
  generateIds,
  mergedVocabulary,
  textOf,
} from "../../test/constrained.ts";
import { collect } from "../../test/generations.ts";
import { randomRoot } from "../../test/random-schema.ts";
import { generate } from "../generate/generate.ts";
import { functionModel } from "../predict/function-model.ts";
import { sample } from "../strategies/sample.ts";
import { jsonSchema } from "./json-schema.ts";
import type { TokenPieces } from "./tokens/vocabulary.ts";

const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join("");
const glued = [
  '{"',
  '"}',
  '":',
  '","',
  '":"',
  '"},{"',
  "[[",
  "]]",
  "}}",
  '"a":',
  '{"a":',
  "null",
  "true",
  '\\"',
  "é",
  "☃",
  "12",
  "-1",
  '": {',
];

const vocabularies: Readonly<Record<string, TokenPieces>> = {
  bytes: byteVocabulary,
  "bytes and random merges": mergedVocabulary(
    ['{"name": "naïve", "value": [1, 2.5e-3, null]}', '"☃\\u00e9"', "ключ"],
    200,
    3,
  ),
  // The letters of the schema generator's names and values, but not all of Unicode.
  characters: characterVocabulary(`${ascii}ключïé☃\n`),
  "glued, and characters": [...glued, undefined, ...ascii, ..."ключï☃"],
};

// 250 schemas × 4 vocabularies × 10 texts.
test.each(Object.entries(vocabularies))("10,000 random texts parse and are valid: %s", (name, pieces) => {
  const dice = random(name.length);
  const ajv = addFormats.default(new Ajv2020({ strict: false, validateFormats: true }));
  let longest = 0;
  for (let schemaIndex = 0; schemaIndex < 250; schemaIndex++) {
    const schema = randomRoot(dice);
    const validate = ajv.compile(schema);
    const constraint = jsonSchema(pieces, schema, { whitespace: dice.integer(3) });
    const fewest = fewestTokens(constraint);
    for (let i = 0; i < 10; i++) {
      const budget = fewest + (i < 3 ? i : dice.integer(60));
      const ids = generateIds(constraint, budget, dice);
      const text = textOf(pieces, ids);
      const value: unknown = JSON.parse(text);
      if (!validate(value)) expect.fail(`${text} is not valid: ${JSON.stringify([schema, validate.errors])}`);
      expect(ids.length).toBeLessThanOrEqual(budget);
      longest = Math.max(longest, ids.length);
    }
  }
  expect(longest).toBeGreaterThan(40);
});

// The same through `generate`: 500 schemas × 20 texts. The end is the last id, and a stop token.
test("10,000 texts that an untrained model generates parse and are valid", { timeout: 120_000 }, async () => {
  const pieces: TokenPieces = [...characterVocabulary(`${ascii}ключïé☃\n`), ...glued, undefined];
  const [vocabulary, end] = [pieces.length, pieces.length - 1];
  const dice = random(7);
  const table = Array.from({ length: 64 }, () => Float32Array.from({ length: vocabulary }, () => 2 * dice.normal()));
  const untrained = functionModel((ids) => table[(ids.length * 31 + ids.at(-1)! * 17) % 64]!, { vocabulary });
  const ajv = addFormats.default(new Ajv2020({ strict: false, validateFormats: true }));
  let longest = 0;
  for (let schemaIndex = 0; schemaIndex < 500; schemaIndex++) {
    const schema = randomRoot(dice);
    const validate = ajv.compile(schema);
    const constraint = jsonSchema(pieces, schema, { whitespace: dice.integer(2) });
    const fewest = fewestTokens(constraint);
    for (let i = 0; i < 20; i++) {
      const maxTokens = fewest + (i < 3 ? i : dice.integer(40));
      const options = { constraint, strategy: sample(dice.fork(`${schemaIndex} ${i}`)), maxTokens, stop: [end] };
      const ids = (await collect(generate(untrained, [dice.integer(vocabulary)], options))).map(({ id }) => id);
      expect(ids.length).toBeLessThanOrEqual(maxTokens);
      const text = textOf(
        pieces,
        ids.filter((id) => id !== end),
      );
      if (!validate(JSON.parse(text)))
        expect.fail(`${text} is not valid: ${JSON.stringify([schema, validate.errors])}`);
      longest = Math.max(longest, ids.length);
    }
  }
  expect(longest).toBeGreaterThan(30);
});
