import { expect, test } from "vitest";
import { byteVocabulary } from "../../test/constrained.ts";
import { jsonSchema } from "./json-schema.ts";

test.each<[unknown, string]>([
  [
    { type: "string", maxLenght: 3 },
    "jsonSchema(): #/maxLenght is not supported. The doc comment of jsonSchema() lists the keywords that are.",
  ],
  [{ type: "object", properties: { a: { allOf: [] } } }, "#/properties/a/allOf is not supported."],
  [{ type: "string", nullable: true }, "#/nullable is not supported."],
  [{ type: "array", uniqueItems: true }, "#/uniqueItems is not supported."],
  [{ properties: {} }, '#/properties says something about the type object: give "type": "object" beside it.'],
  [
    { type: "integer", maxLength: 2 },
    '#/maxLength says something about the type string: give "type": "string" beside it.',
  ],
  [
    { type: "number", minimum: 2 },
    '#/minimum is supported for the type integer alone, not for number: leave it out, or give "type": "integer".',
  ],
  [{ type: ["integer", "number"], minimum: 2 }, "#/minimum is supported for the type integer alone, not for number"],
  [
    { type: "integer", minimum: 3, maximum: 2 },
    "# has bounds that no integer keeps, or none that a double holds exactly.",
  ],
  [{ type: "integer", minimum: null }, "#/minimum is a number, got null."],
  [{ const: [undefined] }, "#/const has a value of the type undefined, which JSON cannot write."],
  [{ oneOf: [{ const: { a: 1, b: 2 } }, { const: { b: 2, a: 1 } }] }, "#/oneOf may have values of both 0 and 1"],
  [{ type: "integer", minimum: "3" }, '#/minimum is a number, got "3".'],
  [{ type: "integer", multipleOf: 3 }, "#/multipleOf is not supported."],
  [
    { type: "text" },
    '#/type is one of object, array, string, integer, number, boolean, null, or a list of them, got "text".',
  ],
  [{ type: [] }, "#/type is one of object"],
  [
    { anyOf: [{ type: "null" }], type: "null" },
    "#/type is not supported beside anyOf: move it into the alternatives, or leave it out.",
  ],
  [{ anyOf: [] }, "#/anyOf is a list of at least one schema, got []."],
  [{ enum: [] }, "#/enum is a list of at least one value, got []."],
  [{ enum: [1, Number.NaN] }, "#/enum has NaN, which JSON cannot write."],
  [{ type: "string", enum: [1] }, "#/enum has no value of the type beside it."],
  [
    { oneOf: [{ type: "integer" }, { type: "number" }] },
    "#/oneOf may have values of both 0 and 1: give them different types or constants, or use anyOf.",
  ],
  [{ oneOf: [{ const: 1 }, { enum: [2, 1] }] }, "#/oneOf may have values of both 0 and 1"],
  [
    { oneOf: [0, 1].map(() => ({ type: "object", properties: { kind: { const: 1 } }, required: ["kind"] })) },
    "#/oneOf may have values of both 0 and 1",
  ],
  [
    { oneOf: [1, 2].map((kind) => ({ type: "object", properties: { kind: { const: kind } } })) },
    "#/oneOf may have values of both 0 and 1",
  ],
  [{ oneOf: [true, { type: "null" }] }, "#/oneOf may have values of both 0 and 1"],
  [{ type: "object", required: ["a"] }, '#/required has "a", which is not among the properties: add it to them.'],
  [{ type: "array", minItems: 3, maxItems: 2 }, "# has minItems 3, but no more than 2 items can be there."],
  [{ type: "array", minItems: 1, items: false }, "# has minItems 1, but no more than 0 items can be there."],
  [{ type: "array", items: [] }, "#/items is a schema: an object, or true; got []."],
  [{ type: "string", minLength: -1 }, "#/minLength is a whole number of at least 0, got -1."],
  [{ type: "string", minLength: 3, maxLength: 2 }, "# has minLength 3 above maxLength 2: no string has both."],
  [
    { type: "string", pattern: "a", maxLength: 2 },
    "#/maxLength is not supported beside pattern: say both in one pattern",
  ],
  [{ type: "string", pattern: "(?=a)" }, "The look-around (?=…) at position 0"],
  [
    { type: "string", format: "ipv4" },
    '#/format is one of date, time, date-time, uuid, email, got "ipv4": leave it out, or give a pattern.',
  ],
  [{ $ref: "other.json" }, '#/$ref is "#" or "#/$defs/" and a name, got "other.json": move that schema to $defs.'],
  [{ $ref: "#/$defs/a" }, '#/$ref refers to "#/$defs/a", which the schema does not have.'],
  [{ $ref: "#" }, "# begins with itself: put something before it, or leave that reference out."],
  [
    { type: "array", items: { $ref: "#" }, minItems: 1 },
    "jsonSchema describes no text at all: nothing could be generated.",
  ],
  [7, "# is a schema: an object, or true; got 7."],
  [false, "# is a schema: an object, or true; got false."],
])("refused: %j", (schema, message) => {
  expect(() => jsonSchema(byteVocabulary, schema)).toThrow(message);
});

test("options that do not exist are refused", () => {
  expect(() => jsonSchema(byteVocabulary, true, { strict: true } as never)).toThrow(
    "jsonSchema() has no option strict; it has whitespace.",
  );
  expect(() => jsonSchema(byteVocabulary, true, { whitespace: -1 })).toThrow(
    "whitespace is how many blanks may stand between two parts",
  );
});
