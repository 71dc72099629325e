import { assemble, bert, gpt, llama, type Spec, t5 } from "@tenon/models";
import { describe, expect, test } from "vitest";

import { formOf } from "../architect/form-of.ts";
import type { JsonObject } from "./at-path.ts";
import { newObject, withModelKind, withPartKind } from "./convert.ts";
import { kindsOf } from "./form.ts";

const form = formOf();
const sizes = { vocabulary: 65, context: 32, width: 16, layers: 3, heads: 2 };
const models: readonly Spec[] = [gpt(sizes), llama({ ...sizes, hidden: 24 }), bert(sizes), t5(sizes)];

describe.each(models)("a model of the kind $kind", (spec) => {
  test.each(form.models.map(({ kind }) => kind))("becomes a %s that can be assembled", (kind) => {
    const made = withModelKind(form, spec, kind, [gpt(sizes)]);
    expect(made.kind).toBe(kind);
    expect(assemble(made).spec.kind).toBe(kind);
  });
});

test("a decoder as an encoder keeps what both have, and drops what only decoders have", () => {
  const decoder: Spec = { ...llama({ ...sizes, hidden: 24 }), logits: { softCap: 30 }, tokens: { scaled: true } };
  const { kind: _, tied: __, logits: ___, ...shared } = decoder;
  expect(withModelKind(form, decoder, "encoder")).toEqual({ kind: "encoder", ...shared });
});

test("a decoder as an encoder–decoder is both sides, with a cross-attention like its attention; and back again it is itself", () => {
  const decoder = llama({ ...sizes, hidden: 24, keyValueHeads: 1 });
  const both = withModelKind(form, decoder, "encoder-decoder");
  const { context, layers, position, attention, feedForward, norm, residual } = decoder;
  const side = { context, layers, position, attention, feedForward, norm, residual };
  expect(both).toMatchObject({
    vocabulary: 65,
    width: 16,
    encoder: side,
    decoder: { ...side, crossAttention: attention },
  });
  expect(withModelKind(form, both, "decoder")).toEqual(decoder);
});

test("each side of an encoder–decoder goes on as the model of its kind", () => {
  const spec = t5({ ...sizes, decoderLayers: 5 });
  expect(withModelKind(form, spec, "encoder")).toMatchObject({ layers: 3, context: 32 });
  expect(withModelKind(form, spec, "decoder")).toMatchObject({ layers: 5, tied: true, logits: { scale: 1 / 4 } });
});

test("what is missing comes from specs that were seen before", () => {
  const images = withModelKind(form, gpt(sizes), "image-encoder");
  const seen: Spec = { ...bert(sizes), vocabulary: 999, segments: 7 };
  const back = withModelKind(form, images, "encoder", [seen]);
  expect(back).toMatchObject({ vocabulary: 999, width: 16 });
  expect(back).not.toHaveProperty("segments"); // it has a default, which holds
});

describe("a part of another kind", () => {
  const spec = gpt(sizes) as unknown as JsonObject;
  const to = (group: string, before: JsonObject, kind: string) =>
    withPartKind(form, form.groups[group]!, before, kind, [spec]);

  test("keeps the options that both kinds have, and their values where they fit", () => {
    expect(to("attention", { kind: "multi-head", heads: 8, bias: false, sinks: true }, "linear")).toEqual({
      kind: "linear",
      heads: 8,
      bias: false,
    });
    expect(to("attention", { kind: "multi-head", heads: 8, bias: "input" }, "linear")).toEqual({
      kind: "linear",
      heads: 8,
    });
    expect(to("feedForward", { kind: "mlp", hidden: 40, activation: "gelu" }, "gated-mlp")).toEqual({
      kind: "gated-mlp",
      hidden: 40,
      activation: "gelu",
    });
  });

  test("drops a value that the other kind does not know", () => {
    const gated = { kind: "gated-mlp", hidden: 40, activation: "identity" };
    expect(to("feedForward", gated, "mixture")).toMatchObject({ activation: "identity" });
    expect(to("feedForward", gated, "mlp")).toEqual({ kind: "mlp", hidden: 40 });
  });

  test("begins what must be said with sizes that go with the model", () => {
    expect(to("feedForward", { kind: "mlp", hidden: 40 }, "mixture")).toEqual({
      kind: "mixture",
      experts: 4,
      expertsPerToken: 2,
      hidden: 40,
    });
    expect(to("attention", { kind: "multi-head", heads: 2 }, "latent")).toEqual({
      kind: "latent",
      heads: 2,
      latentWidth: 8,
    });
    expect(to("head", { kind: "none" }, "classification")).toEqual({ kind: "classification", labels: 2 });
  });
});

test("every kind of scaling can be begun", () => {
  const rotary = form.groups["position"]!.find(({ kind }) => kind === "rotary")!;
  const { input } = rotary.fields.find(({ key }) => key === "scaling")!;
  const spec = llama({ ...sizes, hidden: 24 });
  if (input.type !== "kinds") throw new Error("no kinds");
  for (const { kind } of input.kinds) {
    const scaling = withPartKind(form, input.kinds, undefined, kind, [spec.position, spec as unknown as JsonObject]);
    expect(assemble({ ...spec, position: { kind: "rotary", scaling } }).spec).toMatchObject({
      position: { scaling: { kind } },
    });
  }
});

test("an object begins with what must be said in it", () => {
  const rotary = form.groups["position"]!.find(({ kind }) => kind === "rotary")!;
  const { input } = rotary.fields.find(({ key }) => key === "local")!;
  expect(newObject(form, input, [])).toEqual({ base: 10000 });
});

test.each([
  ["all of a head", { kind: "rotary" }, { kind: "multi-head", heads: 2 }],
  ["a part of it", { kind: "rotary", fraction: 0.5 }, { kind: "multi-head", heads: 2 }],
  ["a wide one", { kind: "rotary" }, { kind: "multi-head", heads: 2, headWidth: 16 }],
  [
    "the half of it that latent attention has for positions",
    { kind: "rotary" },
    { kind: "latent", heads: 2, latentWidth: 8 },
  ],
  ["a part that it says", { kind: "rotary" }, { kind: "latent", heads: 2, latentWidth: 8, positionWidth: 4 }],
])("LongRoPE begins with a factor for each pair that turns: %s", (_, position, attention) => {
  const spec = { ...llama({ vocabulary: 65, context: 32, width: 24, layers: 1, heads: 2, hidden: 32 }), attention };
  const { input } = form.groups["position"]!.find(({ kind }) => kind === "rotary")!.fields.find(
    ({ key }) => key === "scaling",
  )!;
  const scaling = withPartKind(form, kindsOf(form, input)!, undefined, "long-rope", [position, spec]);
  expect(() => assemble({ ...spec, position: { ...position, scaling } })).not.toThrow();
});
