import { readFileSync } from "node:fs";

import { parseSafetensors } from "@tenon/checkpoint";
import { assemble, describe } from "@tenon/models";
import { parseSavedModel } from "@tenon/pretrained";
import { expect, test } from "vitest";

import { Checks } from "./checks.ts";
import { Presets } from "./presets.ts";

const presets = new Presets().list();
const spec = (id: string) => presets.find((preset) => preset.id === id)!.spec;

// Published counts: of the models' cards, or of the weights themselves.
test.each([
  ["gpt2", 124_439_808],
  ["gpt2-medium", 354_823_168],
  ["gpt2-large", 774_030_080],
  ["gpt2-xl", 1_557_611_200],
  ["llama-2-7b", 6_738_415_616],
  ["llama-3.2-1b", 1_235_814_400],
  ["bert-base", 109_482_240],
  ["bert-base-masked", 109_514_298],
  ["albert-base", 11_683_584],
  ["t5-small", 60_506_624],
  ["t5-base", 222_903_552],
])("%s has as many parameters as was published: %i", (id, count) => {
  expect(describe(assemble(spec(id))).count).toBe(count);
});

test("every preset can be assembled, and has a name of its own", () => {
  const checks = new Checks();
  for (const { spec } of presets) expect(checks.check(spec).problems).toEqual([]);
  expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length);
  expect(new Set(presets.map(({ title }) => title)).size).toBe(presets.length);
  for (const { about } of presets) expect(about).toMatch(/\.$/);
});

test.each(["story-decoder", "story-encoder"])("%s is what comes with Tenon", (name) => {
  const file = new URL(`../../../cli/models/${name}.safetensors`, import.meta.url);
  const { model } = parseSavedModel(parseSafetensors(new Uint8Array(readFileSync(file)), { name }));
  expect(new Checks().check(spec(name)).sound!.spec).toEqual(model.spec);
  expect(spec(name)).toEqual(model.spec);
});
