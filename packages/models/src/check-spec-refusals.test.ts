import { isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import { refusal } from "../test/models.ts";
import { assemble } from "./assemble.ts";
import { gpt } from "./presets.ts";

const spec = gpt({ vocabulary: 13, context: 8, width: 12, layers: 2, heads: 4 });
/** The error of a gpt with some keys changed, or undefined ones left out. */
const changed = (change: object): string => {
  const json: unknown = JSON.parse(JSON.stringify({ ...spec, ...change }));
  return refusal(() => assemble(json));
};

test("refuses what is no object", () => {
  for (const value of [null, undefined, 7]) expect(refusal(() => assemble(value))).toContain("expected an object");
  expect(refusal(() => assemble(null))).toMatchInlineSnapshot(
    `"ConfigError: spec: expected an object with the keys kind, version, vocabulary …, got null"`,
  );
  expect(refusal(() => assemble([1, 2]))).toMatchInlineSnapshot(
    `"ConfigError: spec: expected an object with the keys kind, version, vocabulary …, got [1,2]"`,
  );
  expect(refusal(() => assemble("gpt"))).toMatchInlineSnapshot(
    `"ConfigError: spec: expected an object with the keys kind, version, vocabulary …, got "gpt""`,
  );
});

test("refuses another kind or version", () => {
  expect(refusal(() => assemble({}))).toMatchInlineSnapshot(
    `"ConfigError: spec.kind: missing; expected "decoder" or "encoder" or "encoder-decoder" or "image-encoder" or "rnn-encoder-decoder" or "rnn-search""`,
  );
  expect(changed({ kind: "translator" })).toMatchInlineSnapshot(
    `"ConfigError: spec.kind: expected "decoder" or "encoder" or "encoder-decoder" or "image-encoder" or "rnn-encoder-decoder" or "rnn-search", got "translator""`,
  );
  expect(changed({ version: 2 })).toMatchInlineSnapshot(
    `"ConfigError: spec.version: expected 1, got 2; this Tenon reads version 1; a newer one may have written the spec"`,
  );
  expect(changed({ version: undefined })).toMatchInlineSnapshot(`"ConfigError: spec.version: missing; expected 1"`);
});

test("refuses unknown keys, in the spec and in a part", () => {
  expect(changed({ layer: 2 })).toMatchInlineSnapshot(
    `"ConfigError: spec.layer: there is no such key; the keys are kind, version, vocabulary, context, width, layers, position, attention, feedForward, norm, residual, layerGroups, dropout, tokens, initial, tied, logits"`,
  );
  expect(changed({ segments: 2 })).toMatchInlineSnapshot(
    `"ConfigError: spec.segments: there is no such key; the keys are kind, version, vocabulary, context, width, layers, position, attention, feedForward, norm, residual, layerGroups, dropout, tokens, initial, tied, logits"`,
  );
  expect(changed({ attention: { kind: "multi-head", heads: 4, dropout: 0.1 } })).toMatchInlineSnapshot(
    `"ConfigError: spec.attention.dropout: there is no such key; the keys are kind, heads, keyValueHeads, headWidth, bias, headNorm, gate, scale, softCap, sinks, windows"`,
  );
  expect(changed({ position: { kind: "learned", base: 10000 } })).toMatchInlineSnapshot(
    `"ConfigError: spec.position.base: there is no such key; the keys are kind, reserved"`,
  );
});

test("refuses missing keys, in the spec and in a part", () => {
  expect(changed({ layers: undefined })).toMatchInlineSnapshot(
    `"ConfigError: spec.layers: missing; expected a whole number from 1 up"`,
  );
  expect(changed({ norm: undefined })).toMatchInlineSnapshot(
    `"ConfigError: spec.norm: missing; expected an object that says its kind"`,
  );
  expect(changed({ norm: {} })).toMatchInlineSnapshot(
    `"ConfigError: spec.norm.kind: missing; expected "layer-norm" or "rms-norm" or "scale-norm""`,
  );
  expect(changed({ attention: { kind: "multi-head" } })).toMatchInlineSnapshot(
    `"ConfigError: spec.attention.heads: missing; expected a whole number from 1 up"`,
  );
});

test("refuses values of another type", () => {
  expect(changed({ layers: "two" })).toMatchInlineSnapshot(
    `"ConfigError: spec.layers: expected a whole number from 1 up, got "two""`,
  );
  expect(changed({ layers: 2.5 })).toMatchInlineSnapshot(
    `"ConfigError: spec.layers: expected a whole number from 1 up, got 2.5"`,
  );
  expect(changed({ tied: "yes" })).toMatchInlineSnapshot(`"ConfigError: spec.tied: expected true or false, got "yes""`);
  expect(changed({ norm: "layer-norm" })).toMatchInlineSnapshot(
    `"ConfigError: spec.norm: expected an object that says its kind, got "layer-norm""`,
  );
  expect(changed({ norm: null })).toMatchInlineSnapshot(
    `"ConfigError: spec.norm: expected an object that says its kind, got null"`,
  );
  expect(changed({ norm: ["layer-norm"] })).toMatchInlineSnapshot(
    `"ConfigError: spec.norm: expected an object that says its kind, got ["layer-norm"]"`,
  );
  expect(changed({ norm: { kind: 3 } })).toMatchInlineSnapshot(
    `"ConfigError: spec.norm.kind: expected "layer-norm" or "rms-norm" or "scale-norm", got 3"`,
  );
});

test("refuses values out of range", () => {
  expect(changed({ layers: 0 })).toMatchInlineSnapshot(
    `"ConfigError: spec.layers: expected a whole number from 1 up, got 0"`,
  );
  expect(changed({ dropout: 1 })).toMatchInlineSnapshot(
    `"ConfigError: spec.dropout: expected a number below 1, got 1"`,
  );
  expect(changed({ dropout: -0.1 })).toMatchInlineSnapshot(
    `"ConfigError: spec.dropout: expected a number from 0 up and below 1, got -0.1"`,
  );
  expect(refusal(() => assemble({ ...spec, dropout: NaN }))).toMatchInlineSnapshot(
    `"ConfigError: spec.dropout: expected a number from 0 up and below 1, got NaN"`,
  );
  expect(changed({ layers: 1e9 })).toMatchInlineSnapshot(
    `"ConfigError: spec.layers: expected a number of at most 10000, got 1000000000"`,
  );
  expect(changed({ vocabulary: 2 ** 31 })).toMatchInlineSnapshot(
    `"ConfigError: spec.vocabulary: expected a number of at most 2147483647, got 2147483648"`,
  );
  expect(changed({ norm: { kind: "layer-norm", epsilon: 0 } })).toMatchInlineSnapshot(
    `"ConfigError: spec.norm.epsilon: expected a number above 0, got 0"`,
  );
  expect(changed({ position: { kind: "rotary", fraction: 1.5 } })).toMatchInlineSnapshot(
    `"ConfigError: spec.position.fraction: expected a number of at most 1, got 1.5"`,
  );
});

test("refuses unknown kinds", () => {
  expect(changed({ position: { kind: "alibis" } })).toMatchInlineSnapshot(
    `"ConfigError: spec.position.kind: expected "none" or "learned" or "sinusoidal" or "relative" or "t5" or "alibi" or "rotary", got "alibis""`,
  );
  expect(changed({ norm: { kind: "toString" } })).toMatchInlineSnapshot(
    `"ConfigError: spec.norm.kind: expected "layer-norm" or "rms-norm" or "scale-norm", got "toString""`,
  );
  expect(changed({ feedForward: { kind: "mlp", hidden: 8, activation: "swish" } })).toMatchInlineSnapshot(
    `"ConfigError: spec.feedForward.activation: expected "relu" or "leaky-relu" or "relu-squared" or "gelu" or "gelu-tanh" or "quick-gelu" or "silu" or "mish" or "elu" or "selu" or "softplus" or "sigmoid" or "tanh", got "swish""`,
  );
});

test("refuses sizes that do not go together, naming the key", () => {
  const attention = { kind: "multi-head", heads: 5 };
  expect(changed({ attention })).toMatchInlineSnapshot(
    `"ConfigError: spec.attention: MultiHeadAttention: heads 5 does not divide width 12; choose heads from 1, 2, 3, 4, 6, 12, or another width"`,
  );
  expect(changed({ attention: { kind: "multi-head", heads: 4, keyValueHeads: 3 } })).toMatchInlineSnapshot(
    `"ConfigError: spec.attention: MultiHeadAttention: keyValueHeads 3 does not divide heads 4; choose keyValueHeads from 1, 2, 4, or another heads"`,
  );
  expect(changed({ position: { kind: "rotary" } })).toMatchInlineSnapshot(
    `"ConfigError: spec.position: "rotary" turns elements in pairs, but this spec.attention lets 3 elements of each head turn: no even number. Choose another width, number of heads, width of the heads or fraction"`,
  );
  expect(changed({ position: { kind: "rotary", fraction: 0.5 } })).toMatchInlineSnapshot(
    `"ConfigError: spec.position: "rotary" turns elements in pairs, but this spec.attention lets 3 elements of each head turn, of which the fraction 0.5 is 1.5: no even number. Choose another width, number of heads, width of the heads or fraction"`,
  );
  expect(changed({ position: { kind: "rotary" }, attention })).toMatchInlineSnapshot(
    `"ConfigError: spec.position: "rotary" needs heads of whole widths, but with the 5 heads of spec.attention in a width of 12 their turned part is 2.4 wide; choose another number of heads, or widths for them"`,
  );
});

test("several things at once, each on a line of its own", () => {
  const wrong = { ...spec, layers: 0, width: "wide", depth: 3 };
  expect(refusal(() => assemble(wrong))).toMatchInlineSnapshot(`
    "ConfigError: spec.width: expected a whole number from 1 up, got "wide"
    spec.layers: expected a whole number from 1 up, got 0
    spec.depth: there is no such key; the keys are kind, version, vocabulary, context, width, layers, position, attention, feedForward, norm, residual, layerGroups, dropout, tokens, initial, tied, logits"
  `);
});

test("values that are no JSON, still in words", () => {
  const circle: { kind?: unknown } = {};
  circle.kind = circle;
  for (const [kind, shown] of [
    [circle, "got an object that is no JSON"],
    [7n, "got 7n"],
    [Symbol("x"), "got Symbol(x)"],
    [Infinity, "got Infinity"],
    ["long".repeat(40), 'got "longlong'],
  ] as const) {
    expect(refusal(() => assemble({ ...spec, norm: { kind } }))).toContain(shown);
    expect(refusal(() => assemble({ ...spec, kind }))).toContain(shown);
  }
});
test("the error's fields say where", () => {
  const fieldsOf = (change: object): unknown => {
    try {
      assemble({ ...spec, ...change });
    } catch (error) {
      if (isTenonError(error, "ConfigError")) return error.fields;
    }
    return undefined;
  };
  expect(fieldsOf({ layers: 0 })).toMatchObject({ path: "spec.layers" });
  expect(fieldsOf({ attention: { kind: "multi-head" } })).toMatchObject({ path: "spec.attention.heads" });
  expect(fieldsOf({ norm: { kind: "x" } })).toMatchObject({ path: "spec.norm.kind", got: "x" });
  expect(fieldsOf({ attention: { kind: "multi-head", heads: 5 } })).toEqual({
    path: "spec.attention",
    heads: 5,
    width: 12,
  });
});

test("a __proto__ in the JSON is a key like any other", () => {
  const text = JSON.stringify(spec).replace("{", '{"__proto__":{"tied":false},');
  expect(refusal(() => assemble(JSON.parse(text)))).toMatchInlineSnapshot(
    `"ConfigError: spec.__proto__: there is no such key; the keys are kind, version, vocabulary, context, width, layers, position, attention, feedForward, norm, residual, layerGroups, dropout, tokens, initial, tied, logits"`,
  );
});
