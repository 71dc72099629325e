import { Kinds, standardKinds } from "@tenon/models";
import { expect, test } from "vitest";

import type { FieldForm } from "../spec/form.ts";
import { formOf } from "./form-of.ts";

const form = formOf();
const field = (fields: readonly FieldForm[], key: string): FieldForm => fields.find((each) => each.key === key)!;
const kind = (group: string, name: string): readonly FieldForm[] =>
  form.groups[group]!.find((each) => each.kind === name)!.fields;

test("every model and every kind of the registry is in the form", () => {
  expect(form.models.map(({ kind }) => kind)).toEqual([
    "decoder",
    "encoder",
    "encoder-decoder",
    "image-encoder",
    "rnn-encoder-decoder",
    "rnn-search",
  ]);
  for (const group of ["position", "attention", "crossAttention", "feedForward", "norm", "residual", "head"] as const)
    expect(form.groups[group]!.map((each) => each.kind)).toEqual(standardKinds.names(group));
});

test("a field says what may stand there, whether it must, and what is usual", () => {
  expect(field(kind("attention", "multi-head"), "heads")).toEqual({
    key: "heads",
    about: "How many heads the queries have",
    required: true,
    input: { type: "number", whole: true, least: 1, most: 2 ** 31 - 1 },
  });
  expect(field(kind("attention", "multi-head"), "bias")).toMatchObject({
    required: false,
    usual: true,
    input: { type: "choice", options: [true, false, "input", "output"] },
  });
  expect(field(kind("attention", "multi-head"), "windows").input).toMatchObject({
    type: "list",
    nullable: true,
    item: { type: "number", whole: true },
  });
  expect(field(kind("residual", "parallel"), "norms").input).toEqual({ type: "choice", options: [1, 2] });
  expect(field(kind("attention", "multi-head"), "headNorm").input).toEqual({ type: "yes-no" });
  expect(field(kind("position", "rotary"), "base")).toMatchObject({ usual: 10000, input: { whole: false, above: 0 } });
  expect(field(form.models[0]!.fields, "dropout")).toMatchObject({ usual: 0, input: { least: 0, below: 1 } });
});

test("kinds in kinds, parts, sides and pairs of sizes are told", () => {
  const { input } = field(kind("position", "rotary"), "scaling");
  expect(input.type === "kinds" && input.kinds.map((each) => each.kind)).toEqual([
    "linear",
    "dynamic-ntk",
    "yarn",
    "long-rope",
    "llama-3",
  ]);
  const [decoder, , both, image] = form.models;
  expect(field(decoder!.fields, "position").input).toEqual({ type: "part", group: "position" });
  expect(field(decoder!.fields, "logits").input.type).toBe("object");
  const side = field(both!.fields, "decoder").input;
  expect(side.type === "object" && field(side.fields, "crossAttention").required).toBe(true);
  expect(field(image!.fields, "patch").input).toMatchObject({ type: "list", length: 2, nullable: false });
});

test("what a registry of one's own knows is in the form, and nothing else", () => {
  const [, options] = standardKinds.schemas("position").find(([name]) => name === "alibi")!;
  const kinds = new Kinds().with("position", "alibi", { options, build: () => ({}) });
  const { groups } = formOf(kinds);
  expect(groups["position"]).toEqual([
    {
      kind: "alibi",
      about: "Scores fall with the distance, at a fixed slope for each head (Press et al. 2021)",
      fields: [],
    },
  ]);
  expect(groups["attention"]).toEqual([]);
});
