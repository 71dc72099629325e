import { readFile } from "node:fs/promises";

import { parseSafetensors } from "@tenon/checkpoint";
import { loadSavedModel, savedModelBytes } from "@tenon/pretrained";
import { expect, test } from "vitest";

import { shippedModel } from "./shipped.ts";

test.each(["story-decoder", "story-encoder"] as const)("the %s is saved again to the same bytes", async (name) => {
  const bytes = await readFile(shippedModel(name));
  const saved = await loadSavedModel(parseSafetensors(bytes, { name }));
  const again = await savedModelBytes(saved, { storage: "F16" });
  expect(Buffer.compare(again, bytes)).toBe(0);
});
