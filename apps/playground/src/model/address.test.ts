import { gpt } from "@tenon/models";
import { expect, test } from "vitest";

import type { ModelSource } from "../engine/model-source.ts";
import { backendIn, remembered, sourceIn } from "./address.ts";

const first: ModelSource = { kind: "shipped", name: "story-decoder" };
const spec = gpt({ vocabulary: 7, context: 8, width: 8, layers: 1, heads: 2 });

async function backAgain(source: ModelSource): Promise<ModelSource | undefined> {
  const written = Object.entries(await remembered(source, "cpu", first)).filter(([, value]) => value !== undefined);
  const parameters = new URLSearchParams(written);
  expect(backendIn(parameters)).toBe("cpu");
  return sourceIn(parameters);
}

test("a model and a backend come back from the address", async () => {
  const sources: readonly ModelSource[] = [
    { kind: "shipped", name: "story-encoder" },
    { kind: "saved", run: "a: fox & co" },
    { kind: "untrained", spec, seed: 1 },
  ];
  for (const source of sources) expect(await backAgain(source)).toEqual(source);
});

test("what goes without saying is not written, and files cannot be", async () => {
  const nothing = { model: undefined, spec: undefined, backend: undefined };
  expect(await remembered(first, "wasm", first)).toEqual(nothing);
  expect(await remembered({ kind: "files", files: [] }, "wasm", first)).toEqual(nothing);
  expect(await sourceIn(new URLSearchParams("task=fill&model=a-stranger"))).toBeUndefined();
  expect(backendIn(new URLSearchParams("backend=abacus"))).toBe("wasm");
});

test("a spec that was cut off is said to be", async () => {
  await expect(sourceIn(new URLSearchParams("model=untrained&spec=abc"))).rejects.toThrow(
    "This link does not hold a whole model.",
  );
});
