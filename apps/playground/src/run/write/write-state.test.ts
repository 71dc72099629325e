import { bart, gpt } from "@tenon/models";
import { expect, test } from "vitest";

import type { ModelInfo } from "../../engine/model-info.ts";
import { usualSettings } from "../../engine/text/sampling-settings.ts";
import { settings, suit, usualFor } from "./write-state.ts";

const sizes = { vocabulary: 20, context: 8, width: 8, layers: 1, heads: 2 };
const info = (more: Partial<ModelInfo>): ModelInfo =>
  ({ name: "it", tokenizer: { kind: "byte", size: 20, mask: undefined }, chats: false, ...more }) as ModelInfo;
const decoder = info({ spec: gpt(sizes) });
const translator = info({ spec: bart(sizes), beams: 6 });

test("what is written for another text is looked for, with as many beams as its authors say; a text that goes on is drawn", () => {
  expect(usualFor(decoder)).toEqual(usualSettings);
  expect(usualFor(translator)).toEqual({ ...usualSettings, strategy: "beam-search", beams: 6 });
  expect(usualFor({ ...translator, beams: undefined }).beams).toBe(4);
  expect(usualFor({ ...translator, beams: 40 }).beams).toBe(16);
});

test("what one has chosen stays until a model of another sort is opened", () => {
  const chosen = (settings.value = { ...usualSettings, temperature: 1.5 });
  suit(decoder);
  expect(settings.value).toBe(chosen);
  suit(translator);
  expect(settings.value).toEqual(usualFor(translator));
  settings.value = { ...settings.value, beams: 2 };
  suit({ ...translator, name: "another" });
  expect(settings.value.beams).toBe(2);
  suit(decoder);
  expect(settings.value).toEqual(usualSettings);
});
