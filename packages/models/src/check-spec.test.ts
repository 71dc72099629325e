import { expect, test } from "vitest";

import { assemble } from "./assemble.ts";
import { checkSpec } from "./check-spec.ts";
import { standardKinds } from "./kinds/standard.ts";
import { bert, gpt, llama } from "./presets.ts";

const sizes = { vocabulary: 13, context: 8, width: 12, layers: 2, heads: 4 };
const spec = gpt(sizes);

test("defaults are filled in", () => {
  const { dropout: _, tied: __, ...bare } = spec;
  expect(assemble(bare).spec).toEqual({
    version: 1,
    kind: "decoder",
    ...{ vocabulary: 13, context: 8, width: 12, layers: 2, dropout: 0, tied: true },
    position: { kind: "learned" },
    attention: { kind: "multi-head", heads: 4, bias: true },
    feedForward: { kind: "mlp", hidden: 48, activation: "gelu-tanh", bias: true },
    norm: { kind: "layer-norm", epsilon: 1e-5, bias: true },
    residual: { kind: "pre-norm", finalNorm: true },
  });
  const small = {
    ...{ version: 1, kind: "encoder", vocabulary: 13, context: 8, width: 12, layers: 1 },
    position: { kind: "rotary" },
    attention: { kind: "multi-head", heads: 2 },
    feedForward: { kind: "gated-mlp", hidden: 8 },
    norm: { kind: "rms-norm" },
    residual: { kind: "post-norm" },
  };
  expect(checkSpec(small, standardKinds)).toEqual({
    ...small,
    ...{ dropout: 0, segments: 0, embeddingNorm: true, head: { kind: "masked-language", activation: "gelu" } },
    position: { kind: "rotary", base: 10000, fraction: 1 },
    attention: { kind: "multi-head", heads: 2, bias: true },
    feedForward: { kind: "gated-mlp", hidden: 8, activation: "silu", bias: false },
    norm: { kind: "rms-norm", epsilon: 1e-6 },
    residual: { kind: "post-norm", finalNorm: false },
  });
});

test("what is filled in is complete: checking it again changes nothing", () => {
  for (const preset of [spec, bert(sizes), llama({ ...sizes, width: 16, hidden: 8 })]) {
    const checked = checkSpec(preset, standardKinds);
    expect(checkSpec(checked, standardKinds)).toEqual(checked);
  }
});

test("what is undefined is not there, as in JSON", () => {
  const given = {
    ...spec,
    dropout: undefined,
    tokens: undefined,
    logits: { scale: undefined, softCap: 3 },
    attention: { ...spec.attention, softCap: undefined },
    position: { kind: "rotary", scaling: { kind: "yarn", factor: 2, context: 3, betaFast: undefined } },
  };
  const checked = checkSpec(given, standardKinds);
  expect(checked).toStrictEqual(checkSpec(JSON.parse(JSON.stringify(given)), standardKinds));
  expect(Object.keys(checked)).not.toContain("tokens");
});
