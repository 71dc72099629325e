import { expect, test } from "vitest";

import { masksIn, maskWord, putIn, wordsOf } from "./masked-text.ts";

const text = "Mia's [MASK] ran, and [MASK].";

test("a text is words, masks and what is between them, and nothing is lost", () => {
  const pieces = wordsOf(text, "[MASK]");
  expect(pieces.map(({ text }) => text).join("")).toBe(text);
  expect(pieces.filter(({ kind }) => kind === "word").map(({ text }) => text)).toEqual(["Mia's", "ran", "and"]);
  expect(pieces.filter(({ kind }) => kind === "mask")).toHaveLength(2);
  for (const { text: piece, begin, end } of pieces) expect(text.slice(begin, end)).toBe(piece);
});

test("words are hidden, and put in the place of one mask", () => {
  expect(masksIn(text, "[MASK]")).toBe(2);
  const { begin, end } = wordsOf(text, "[MASK]").find(({ text }) => text === "ran")!;
  expect(maskWord(text, begin, end, "[MASK]")).toBe("Mia's [MASK] [MASK], and [MASK].");
  expect(putIn(text, "[MASK]", 1, "hid")).toBe("Mia's [MASK] ran, and hid.");
  expect(putIn(text, "[MASK]", 0, "fox")).toBe("Mia's fox ran, and [MASK].");
});
