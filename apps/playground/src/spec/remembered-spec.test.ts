import { gpt } from "@tenon/models";
import { afterEach, expect, test, vi } from "vitest";

import { rememberedSpec, rememberSpec } from "./remembered-spec.ts";

const spec = gpt({ vocabulary: 8, context: 4, width: 4, layers: 1, heads: 1 });

/** A browser's storage. */
function storage(): void {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
}

afterEach(() => void vi.unstubAllGlobals());

test("a spec that was kept is there at the next visit", () => {
  storage();
  expect(rememberedSpec()).toBeUndefined();
  rememberSpec(spec);
  expect(rememberedSpec()).toEqual(spec);
});

test("a page that may keep nothing begins anew, and so does one whose storage holds something else", () => {
  vi.stubGlobal("localStorage", {
    getItem: () => {
      throw new Error("SecurityError");
    },
  });
  rememberSpec(spec);
  expect(rememberedSpec()).toBeUndefined();
  vi.stubGlobal("localStorage", { getItem: () => "{not json" });
  expect(rememberedSpec()).toBeUndefined();
  vi.stubGlobal("localStorage", { getItem: () => "[1]" });
  expect(rememberedSpec()).toBeUndefined();
});
