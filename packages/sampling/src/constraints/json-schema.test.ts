import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import {
  acceptsText,
  byteVocabulary,
  characterVocabulary,
  fewestTokens,
  generateIds,
  textOf,
} from "../../test/constrained.ts";
import { jsonSchema, type JsonSchemaOptions } from "./json-schema.ts";

const accepted = (schema: unknown, texts: readonly string[], options?: JsonSchemaOptions): string[] => {
  const constraint = jsonSchema(byteVocabulary, schema, options);
  return texts.filter((text) => acceptsText(constraint, text));
};

test("objects: the schema's order, what is required, and nothing else", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "null" }, b: { const: 1 }, c: { type: "boolean" } },
    required: ["b"],
  };
  const right = ['{"b":1}', '{"a":null,"b":1}', '{"b":1,"c":true}', '{"a":null,"b":1,"c":false}'];
  const wrong = [
    "{}",
    '{"a":null}',
    '{"b":1,"a":null}',
    '{"b":1,}',
    '{,"b":1}',
    '{"b":1 }',
    '{"b":1,"d":2}',
    '{"b":2}',
  ];
  expect(accepted(schema, [...right, ...wrong])).toEqual(right);
  expect(accepted({ type: "object" }, ["{}", '{"a":1}'])).toEqual(["{}"]);
});

test("objects: additional properties come last, under names of their own", () => {
  const schema = { type: "object", properties: { ab: true, é: true }, additionalProperties: { type: "integer" } };
  const right = ["{}", '{"x":1}', '{"ab":null,"abc":2,"a":3,"":4}', '{"é":[],"éa":1}', '{"\\n":1}'];
  const wrong = ['{"x":null}', '{"x":1,"ab":null}', '{"a":1,}', '{"\\u0061b":1}', '{"x":1,"é":1,"ab":2}'];
  expect(accepted(schema, [...right, ...wrong])).toEqual(right);
});

test("arrays: prefix, items, and their number", () => {
  const schema = {
    type: "array",
    prefixItems: [{ const: 1 }, { const: 2 }],
    items: { const: 3 },
    minItems: 1,
    maxItems: 4,
  };
  const all = ["[]", "[1]", "[1,2]", "[1,2,3]", "[1,2,3,3]", "[1,2,3,3,3]", "[2]", "[1,3]", "[1,]"];
  expect(accepted(schema, all)).toEqual(all.slice(1, 5));
  expect(accepted({ ...schema, minItems: 3 }, all)).toEqual(all.slice(3, 5));
  expect(accepted({ ...schema, maxItems: 1 }, all)).toEqual(["[1]"]);
  expect(accepted({ type: "array", prefixItems: [{ const: 1 }], items: false }, all)).toEqual(["[]", "[1]"]);
  expect(accepted({ type: "array", items: { const: 1 }, minItems: 2 }, ["[1]", "[1,1]", "[1,1,1]"])).toEqual([
    "[1,1]",
    "[1,1,1]",
  ]);
  expect(accepted({ type: "array", maxItems: 0 }, ["[]", "[1]"])).toEqual(["[]"]);
});

test("strings: length in characters, in any spelling that is valid", () => {
  const right = ['"é"', '"😀"', '"\\n"', '"\\u00e9"', '"\\uD7FF"', '"ab"', '"\\"\\\\"'];
  const wrong = ['""', '"abc"', '"\n"', '"\\x"', '"\\ud83d"', '"\\ud83d\\ude00"', '"\\uDFFF"', '"a', '"\\u12"', "'a'"];
  expect(accepted({ type: "string", minLength: 1, maxLength: 2 }, [...right, ...wrong])).toEqual(right);
});

test("strings: a pattern is found anywhere, and escaped for JSON", () => {
  const right = ['"x\\"y"', '"\\"\\\\\\n\\u0001"'];
  expect(accepted({ type: "string", pattern: '"' }, [...right, '"xy"', '"""'])).toEqual(right);
  expect(accepted({ type: "string", pattern: '^"$' }, [...right, '"\\""'])).toEqual(['"\\""']);
});

test("strings: formats", () => {
  const dates = ['"2024-02-28"', '"1999-12-31"', '"2023-02-29"', '"2023-04-31"', '"2023-13-01"', '"2023-1-01"'];
  expect(accepted({ type: "string", format: "date" }, dates)).toEqual(dates.slice(0, 2));
  expect(accepted({ type: "string", format: "date-time" }, ['"2024-02-28T23:59:59.5Z"', '"2024-02-28"'])).toHaveLength(
    1,
  );
});

test("integers: bounds of every kind, compared with counting", () => {
  const dice = random(9);
  for (let i = 0; i < 60; i++) {
    const minimum = dice.integer(260) - 130;
    const maximum = minimum + dice.integer(200);
    const numbers = Array.from({ length: 500 }, (_, n) => n - 250);
    const exclusive = dice.integer(2) === 0;
    const schema = exclusive
      ? { type: "integer", exclusiveMinimum: minimum - 0.5, exclusiveMaximum: maximum + 1 }
      : { type: "integer", minimum, maximum };
    const expected = numbers.filter((n) => n >= minimum && n <= maximum).map(String);
    expect(accepted(schema, [...numbers.map(String), "-0", "00", "1.0", "01"])).toEqual(expected);
  }
  const most = String(Number.MAX_SAFE_INTEGER);
  expect(accepted({ type: "integer" }, [most, `-${most}`, "9007199254740992", "10000000000000000"])).toEqual([
    most,
    `-${most}`,
  ]);
});

test("numbers", () => {
  const right = ["0", "-1.5", "123456789.123456", "1e5", "2.5E-10", "0.0"];
  expect(accepted({ type: "number" }, [...right, "1.", ".5", "01", "+1", "1e", "1234567890", "1e100", "NaN"])).toEqual(
    right,
  );
});

test("values, alternatives, types in lists", () => {
  expect(accepted({ enum: [1, "1", null, { a: [] }] }, ["1", '"1"', "null", '{"a":[]}', "2"])).toHaveLength(4);
  expect(accepted({ type: ["string", "number"], enum: [1, "1", null] }, ["1", '"1"', "null"])).toEqual(["1", '"1"']);
  expect(accepted({ type: ["integer", "string"], maximum: 3, maxLength: 1 }, ["3", "4", '"a"', '"ab"'])).toEqual([
    "3",
    '"a"',
  ]);
  const shape = (kind: string): unknown => ({
    type: "object",
    properties: { kind: { const: kind } },
    required: ["kind"],
  });
  expect(
    accepted({ oneOf: [shape("a"), shape("b"), { type: "null" }] }, ['{"kind":"b"}', '{"kind":"c"}', "null"]),
  ).toHaveLength(2);
});

test("a schema that holds itself", () => {
  const tree = {
    type: "object",
    properties: { next: { anyOf: [{ $ref: "#" }, { type: "null" }] } },
    required: ["next"],
  };
  expect(accepted(tree, ['{"next":null}', '{"next":{"next":{"next":null}}}', '{"next":{}}'])).toHaveLength(2);
  expect(fewestTokens(jsonSchema(byteVocabulary, tree))).toBe(13);
});

test("any value", () => {
  const texts = ["null", "[]", '{"a":[{"":1.5}]}', '"x"', "true"];
  expect(accepted(true, [...texts, "[1,]", "{a:1}"])).toEqual(texts);
  expect(accepted({ description: "anything" }, texts)).toEqual(texts);
});

test("blanks between the parts, as many as were asked for", () => {
  const texts = ['{"a":[1,2]}', '{ "a": [1,\n2]\t}', '{  "a":[1,2]}', '{"a" :[1 ,2 ] }', ' {"a":[]}'];
  expect(accepted({ type: "object", properties: { a: true } }, texts, { whitespace: 1 })).toEqual([
    texts[0],
    texts[1],
    texts[3],
  ]);
});

test("a budget is used to the last token, and never exceeded", () => {
  const schema = {
    type: "object",
    properties: { name: { type: "string" }, tags: { type: "array" } },
    required: ["name"],
  };
  const constraint = jsonSchema(byteVocabulary, schema);
  expect(fewestTokens(constraint)).toBe('{"name":""}'.length);
  const dice = random(4);
  const lengths = Array.from({ length: 200 }, () => generateIds(constraint, 15, dice, 1e6).length);
  expect(Math.max(...lengths)).toBe(15);
});

test("a vocabulary without escapes, or without a character, writes what it can", () => {
  const pieces = characterVocabulary('{}":,abn1');
  const constraint = jsonSchema(pieces, { type: "object", properties: { a: { type: "string" } }, required: ["a"] });
  const dice = random(8);
  for (let i = 0; i < 50; i++) expect(textOf(pieces, generateIds(constraint, 30, dice))).toMatch(/^\{"a":"[^"]*"\}$/);
  expect(() => jsonSchema(characterVocabulary('{":a'), { type: "object" })).toThrow(
    'jsonSchema cannot be written with the tokens of this vocabulary: none writes the "}" of "{}".',
  );
});
