import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { characterTokenizer } from "./character.ts";

const emoji = "naïve 👍🏽 日本 👨‍👩‍👧";

test("ids follow the code points of the text", () => {
  const tokenizer = characterTokenizer("hello");
  expect(tokenizer.encode("hole")).toEqual([1, 3, 2, 0]);
  expect(tokenizer.size).toBe(4);
  expect([0, 1, 2, 3].map((id) => tokenizer.token(id)).join("")).toBe("ehlo");
  expect(tokenizer.id("h")).toBe(1);
  expect(tokenizer.id("z")).toBeUndefined();
});

test("a list keeps its order", () => {
  expect(characterTokenizer({ vocabulary: ["b", "a"] }).encode("ab")).toEqual([1, 0]);
});

test("an emoji outside the basic plane is one token", () => {
  expect(characterTokenizer("a👍").encode("👍a")).toEqual([1, 0]);
  const tokenizer = characterTokenizer(emoji);
  expect(tokenizer.encode(emoji)).toHaveLength([...emoji].length);
  expect(tokenizer.decode(tokenizer.encode(emoji))).toBe(emoji);
});

test("the empty text has no ids", () => {
  expect(characterTokenizer("a").encode("")).toEqual([]);
  expect(characterTokenizer("a").decode([])).toBe("");
});

test("special tokens are recognised in a text, the longest first, and come back", () => {
  const tokenizer = characterTokenizer("abM[]", { special: { mask: "[MASK]", twice: "[MASK][MASK]" } });
  expect(tokenizer.special).toEqual({ mask: 5, twice: 6 });
  expect(tokenizer.encode("a[MASK]b[MASK][MASK][M]")).toEqual([3, 5, 4, 6, 1, 0, 2]);
  expect(tokenizer.decode([3, 5])).toBe("a[MASK]");
});

test("special tokens of the text to build from are no characters of it", () => {
  expect(characterTokenizer("ab[MASK]ba", { special: { mask: "[MASK]" } }).size).toBe(3);
});

test("an unknown character is named, with its place and the remedy", () => {
  const tokenizer = characterTokenizer("ab\n👍");
  expect(() => tokenizer.encode("ab\n👍é")).toThrow(
    'the character "é" (U+00E9) at position 4 (line 2, column 2) is not among the 4 tokens of this tokenizer; ' +
      'build it from a text that has it, or with special: { unknown: "[UNK]" }',
  );
  expect(() => tokenizer.encode("ab\t")).toThrow('the character "\\t" (U+0009) at position 2 (line 1, column 3)');
  expect(() => tokenizer.encode("a\ud83d")).toThrow('the character "\\ud83d" (U+D83D) at position 1');
});

test("an unknown token stands for unknown characters", () => {
  const tokenizer = characterTokenizer("ab", { special: { unknown: "[UNK]" } });
  expect(tokenizer.encode("aéb\ud83d")).toEqual([0, 2, 1, 2]);
  expect(tokenizer.decode([0, 2, 1])).toBe("a[UNK]b");
});

test("letters and digits are pieces of words", () => {
  const tokenizer = characterTokenizer("a7é .", { special: { mask: "[MASK]" } });
  const words = [..."a7é ."].map((character) => tokenizer.isWord(tokenizer.id(character)!));
  expect(words).toEqual([true, true, true, false, false]);
  expect(tokenizer.isWord(tokenizer.special["mask"]!)).toBe(false);
});

test("the decoder gives every character at once", () => {
  const decoder = characterTokenizer("a👍").decoder();
  expect([decoder.push(1), decoder.push(0), decoder.end()]).toEqual(["👍", "a", ""]);
});

test("any text over the alphabet comes back", () => {
  const dice = random(1);
  const alphabet = [...new Set([...emoji, "\r", "\n", "[", "]"])];
  const tokenizer = characterTokenizer({ vocabulary: alphabet }, { special: { mask: "[MASK]" } });
  for (let i = 0; i < 300; i++) {
    const text = Array.from({ length: dice.integer(30) }, () => dice.pick([...alphabet, "[MASK]"])).join("");
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  }
});

test.each([
  ["", "the text is empty"],
  [undefined, "a tokenizer is built from a text, which is a string; got nothing"],
  [7, "got the number 7"],
  [null, "vocabulary is a list of characters, got nothing"],
  [{ vocabulary: "ab" }, 'vocabulary is a list of characters, got the string "ab"'],
  [{ vocabulary: [] }, "the vocabulary is empty"],
  [{ vocabulary: ["a", "bc"] }, 'vocabulary[1] of a character tokenizer is one character, got "bc"'],
  [{ vocabulary: ["a", 7] }, "vocabulary[1] is a string with something in it, got the number 7"],
  [{ vocabulary: ["a", "b", "a"] }, 'the token "a" has the ids 0 and 2'],
  ["a\udc4d", 'vocabulary[1] holds half a surrogate pair, "\\udc4d"'],
])("building from %j is refused", (source, message) => {
  expect(() => characterTokenizer(source as string)).toThrow(message);
});

test("an option that it does not know is refused", () => {
  expect(() => characterTokenizer("a", { specials: {} } as never)).toThrow(
    'characterTokenizer knows the keys special; got "specials"',
  );
});

test.each([-1, 4, 0.5, NaN, "0x"])("the id %s is refused", (id) => {
  const tokenizer = characterTokenizer("hello");
  const message = `a token id of this tokenizer is a whole number from 0 to 3, got ${id}`;
  expect(() => tokenizer.decode([id as number])).toThrow(message);
  expect(() => tokenizer.token(id as number)).toThrow(message);
  expect(() => tokenizer.isWord(id as number)).toThrow(message);
});
