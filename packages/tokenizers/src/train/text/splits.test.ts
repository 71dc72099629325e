import { expect, test } from "vitest";
import goldens from "../../../goldens/trainers.json" with { type: "json" };
import { splitBert } from "./bert.ts";
import { splitByteLevel, toByteCharacters } from "./byte-level.ts";
import { splitMetaspace } from "./metaspace.ts";

const { strings, ...expected } = goldens.splits;

test.each([
  ["byteLevel", (text: string) => splitByteLevel(text, false).map(toByteCharacters)],
  ["byteLevelPrefix", (text: string) => splitByteLevel(text, true).map(toByteCharacters)],
  ["bert", (text: string) => splitBert(text, true)],
  ["bertCased", (text: string) => splitBert(text, false)],
  ["metaspace", (text: string) => splitMetaspace(text, false)],
  ["metaspaceLower", (text: string) => splitMetaspace(text, true)],
] as const)("%s cuts odd texts into the words of the reference", (name, split) => {
  expect(strings.map((text) => [text, split(text)])).toEqual(
    strings.map((text, index) => [text, expected[name][index]]),
  );
});

test("byte-level words lose nothing", () => {
  for (const text of [...strings, ...goldens.texts]) expect(splitByteLevel(text, false).join("")).toBe(text);
});
