import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import * as z from "zod";

import { mutationsOf } from "../test/mutations.ts";
import { refusal } from "../test/models.ts";
import { printedSpecs } from "../test/printed-specs.ts";
import { checkSpec } from "./check-spec.ts";
import { standardKinds } from "./kinds/standard.ts";
import { vit } from "./image/presets.ts";
import { bert, gpt, llama } from "./presets.ts";
import { rnnEncoderDecoder, rnnSearch } from "./recurrent/presets.ts";
import { specSchema, type JsonSchema } from "./spec-schema.ts";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const validate = ajv.compile(specSchema());
const sizes = { vocabulary: 13, context: 9, width: 16, layers: 2, heads: 4 };
const recurrent = { sourceVocabulary: 11, vocabulary: 13, width: 8, hidden: 12 };
const images = { image: [8, 12], patch: [4, 4], width: 16, layers: 2, heads: 4 } as const;
const presets = [
  ...[gpt(sizes), bert(sizes), llama({ ...sizes, hidden: 11 })],
  ...[rnnEncoderDecoder(recurrent), rnnSearch(recurrent)],
  vit({ ...images, head: { kind: "pooler", width: 5, activation: "tanh" } }),
];

/** That groups of layers are equally large, and patches divide an image, are the rules about two keys that checkSpec has. */
const crossField =
  /^ConfigError: (spec\.layerGroups: \d+ groups do not divide \d+ layers|spec\.patch: .* divide those of the image, got \[\d+,\d+\]$)/;
const isTaken = (value: unknown): boolean => {
  const said = refusal(() => checkSpec(value, standardKinds));
  return said === "nothing was thrown" || crossField.test(said);
};

test("it is a schema of the draft that it names", () => {
  expect(specSchema().$schema).toBe("https://json-schema.org/draft/2020-12/schema");
  expect(ajv.validateSchema(specSchema())).toBe(true);
});

test.each([...presets.map((spec) => [spec.kind, spec] as const), ...printedSpecs])("takes %s", (_, spec) => {
  expect(validate(spec), ajv.errorsText(validate.errors)).toBe(true);
  expect(validate(checkSpec(spec, standardKinds))).toBe(true);
});

test.each([
  ["no object", "gpt"],
  ["an unknown kind", { ...presets[0], kind: "diffusion" }],
  ["a version of the future", { ...presets[0], version: 2 }],
  ["a key of the other kind", { ...presets[0], segments: 2 }],
  ["a misspelt option", { ...presets[0], norm: { kind: "layer-norm", epsilom: 1 } }],
  ["an option of another kind", { ...presets[0], norm: { kind: "scale-norm", bias: true } }],
  ["a broken size", { ...presets[0], width: 1.5 }],
  ["too many layers", { ...presets[0], layers: 10_001 }],
  [
    "a scaling without its context",
    { ...presets[0], position: { kind: "rotary", scaling: { kind: "yarn", factor: 2 } } },
  ],
])("refuses %s", (_, value) => {
  expect(validate(value)).toBe(false);
});

describe("agrees with checkSpec", () => {
  const bases = [...presets, ...printedSpecs.map(([, spec]) => spec).filter((_, i) => i % 5 === 0)];
  const counts = { taken: 0, refused: 0 };
  test.each(bases.map((spec, i) => [`${spec.kind} ${i}`, spec] as const))("on each change of %s", (_, spec) => {
    for (const [change, value] of mutationsOf(checkSpec(spec, standardKinds))) {
      const taken = isTaken(value);
      counts[taken ? "taken" : "refused"]++;
      expect(validate(value), change).toBe(taken);
    }
  });
  test("which were many, of both sorts", () => {
    expect(counts.taken).toBeGreaterThan(1000);
    expect(counts.refused).toBeGreaterThan(5000);
  });
});

test("what only the parts can tell is left to assemble by both", () => {
  const odd = { ...presets[0], attention: { kind: "multi-head", heads: 5 } };
  expect([validate(odd), isTaken(odd)]).toEqual([true, true]);
  const uneven = { ...presets[0], layers: 4, layerGroups: 3 };
  expect(validate(uneven)).toBe(true);
  expect(refusal(() => checkSpec(uneven, standardKinds))).toMatch(crossField);
});

test("every key is explained, and every default is said", () => {
  const silent: string[] = [];
  let defaults = 0;
  const walk = (schema: JsonSchema, path: string): void => {
    for (const [key, inside] of Object.entries(schema.properties ?? {}) as [string, JsonSchema][]) {
      if (!inside.description) silent.push(`${path}.${key}`);
      if ("default" in inside) defaults++;
      walk(inside, `${path}.${key}`);
    }
    for (const each of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) walk(each, path);
  };
  for (const [name, definition] of Object.entries(specSchema().$defs!)) walk(definition, name);
  expect(silent).toEqual([]);
  expect(defaults).toBeGreaterThan(20);
  for (const name of ["position", "attention", "feedForward", "norm", "residual", "head"] as const) {
    const kinds = specSchema().$defs![name]!.oneOf as JsonSchema[];
    expect(kinds.map(({ description }) => description)).not.toContain(undefined);
  }
});

test("a kind of your own is in it, and one that JSON Schema cannot express is refused by name", () => {
  const kinds = standardKinds.with("position", "distance", {
    options: z.strictObject({
      kind: z.literal("distance"),
      slope: z.number().describe("a number").meta({ title: "How fast scores fall" }),
    }),
    build: () => ({}),
  });
  const schema = specSchema({ kinds });
  expect(JSON.stringify(schema)).toContain('"description":"How fast scores fall. Expected: a number."');
  const spec = { ...presets[0], position: { kind: "distance", slope: 1 } };
  expect([ajv.compile(schema)(spec), validate(spec)]).toEqual([true, false]);

  const opaque = standardKinds.with("norm", "opaque", {
    options: z.strictObject({ kind: z.literal("opaque"), when: z.date() }),
    build: () => {
      throw new Error("never built");
    },
  });
  expect(refusal(() => specSchema({ kinds: opaque }))).toMatch(
    /^ConfigError: specSchema: JSON Schema cannot express the options of the kind "opaque" of norm: .*Date/,
  );
});
