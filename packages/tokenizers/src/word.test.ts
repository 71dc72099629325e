import { expect, test } from "vitest";
import { wordTokenizer } from "./word.ts";

const story =
  'One day, Mia the fox ran to the hill. "Oh no!" she cried. "Where is my ball?" It was gone.\n\nThe end.\n';
const special = { mask: "[MASK]", pad: "[PAD]", end: "[END]" };
const names = (text: string, tokenizer = wordTokenizer(text)): string[] =>
  tokenizer.encode(text).map((id) => tokenizer.token(id));

test("words, marks and lines are tokens, and the usual spaces are not", () => {
  expect(names('"Oh no!" she cried.\n')).toEqual(["``", "Oh", "no", "!", "''", "she", "cried", ".", "\n"]);
});

test("a story needs no token for its spacing", () => {
  expect(names(story).filter((token) => token === " " || token === "##")).toEqual([]);
});

test("apostrophes inside a word belong to it", () => {
  expect(names("don't go at five o'clock, fo’c’s’le!")).toEqual([
    "don't",
    "go",
    "at",
    "five",
    "o'clock",
    ",",
    "fo’c’s’le",
    "!",
  ]);
  expect(names("naïve cafe\u0301")).toEqual(["naïve", "cafe\u0301"]);
});

test("unusual spacing is written out", () => {
  expect(names("a  b")).toEqual(["a", " ", " ", "b"]);
  expect(names("a ,b")).toEqual(["a", " ", ",", "##", "b"]);
  expect(names("well-known - x")).toEqual(["well", "-", "known", " ", "-", " ", "x"]);
  expect(names(" a ")).toEqual([" ", "a", " "]);
});

test.each([
  ["", "empty"],
  [" ", "one space"],
  [story, "a story"],
  [story.replaceAll("\n", "\r\n"), "CRLF"],
  ["a\tb\u00a0c \n d\n\n\n", "other white space"],
  ['"a" "b" ""c"" " d " e"', "quotation marks anywhere"],
  ["(a [b] {c}) $5 #6 7% 3.14 50,000 a/b x_y e@f", "marks"],
  ["👍 👍🏽❤️👨‍👩‍👧 日本語 “yes” ‘no’ — so…", "emoji and beyond ASCII"],
  ["'tis th' o'er lov'd 'no'", "apostrophes at the edges"],
  ["## `` '' #a`b'", "what the tokens themselves are called"],
])("%j comes back: %s", (text) => {
  const tokenizer = wordTokenizer(`${text} x`, { special });
  expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
});

test("the same word is the same token wherever it stands", () => {
  const tokenizer = wordTokenizer(story, { special });
  const fox = tokenizer.id("fox")!;
  for (const text of ["fox", " fox", "the fox.", '"fox', "fox\n", "-fox"].map((part) => part.replace("-", "the\n"))) {
    expect(tokenizer.encode(text)).toContain(fox);
  }
});

test("masking a word masks exactly one token, wherever it stands", () => {
  const tokenizer = wordTokenizer(story, { special });
  const ids = tokenizer.encode(story);
  const words = [...story.matchAll(/\w+/g)];
  expect(ids.filter((id) => tokenizer.isWord(id))).toHaveLength(words.length);
  for (const word of words) {
    const masked = `${story.slice(0, word.index)}[MASK]${story.slice(word.index + word[0].length)}`;
    const expected = ids.map((id) => id);
    const place = ids.findIndex(
      (_, at) => tokenizer.decode(ids.slice(0, at + 1)).length >= word.index + word[0].length,
    );
    expected[place] = tokenizer.special["mask"]!;
    expect(tokenizer.encode(masked)).toEqual(expected);
    expect(tokenizer.decode(expected)).toBe(masked);
  }
});

test("words are words; marks, layout and special tokens are not", () => {
  const tokenizer = wordTokenizer(story, { special });
  const words = Array.from({ length: tokenizer.size }, (_, id) => id).filter((id) => tokenizer.isWord(id));
  expect(words.map((id) => tokenizer.token(id)).filter((token) => !/^[A-Za-z]+$/.test(token))).toEqual([]);
  expect(words).toHaveLength(new Set(story.match(/\w+/g)).size);
});

test("stories can be joined with an end token", () => {
  const tokenizer = wordTokenizer(story, { special });
  expect(tokenizer.encode('The end.[END]"Oh').map((id) => tokenizer.token(id))).toEqual([
    "The",
    "end",
    ".",
    "[END]",
    "``",
    "Oh",
  ]);
});

test("streaming puts the spaces where decoding at once puts them", () => {
  const tokenizer = wordTokenizer(story, { special });
  const ids = tokenizer.encode(story);
  const decoder = tokenizer.decoder();
  expect(ids.map((id) => decoder.push(id)).join("") + decoder.end()).toBe(story);
  expect(decoder.push(ids[0]!)).toBe("One");
});

test("a decoder that goes on after a prompt begins with the space that belongs there", () => {
  const tokenizer = wordTokenizer(story, { special });
  const [one, day, comma] = tokenizer.encode("One day,") as [number, number, number];
  expect(tokenizer.decoder().push(day)).toBe("day");
  expect(tokenizer.decoder([one]).push(day)).toBe(" day");
  expect(tokenizer.decoder([one, day]).push(comma)).toBe(",");
});

test("an unknown word or mark is named, with its place and the remedy", () => {
  const tokenizer = wordTokenizer(story);
  expect(() => tokenizer.encode("Mia ran.\nThe zebra ran")).toThrow(
    `the word "zebra" at position 13 (line 2, column 5) is not among the ${tokenizer.size} tokens of this tokenizer; ` +
      'build it from a text that has it, or with special: { unknown: "[UNK]" }',
  );
  expect(() => tokenizer.encode("Mia;")).toThrow('the character ";" (U+003B) at position 3');
  expect(() => tokenizer.encode("Mia \ud83d")).toThrow('the character "\\ud83d" (U+D83D) at position 4');
});

test("an unknown token takes the place of one word", () => {
  const tokenizer = wordTokenizer(story, { special: { unknown: "[UNK]" } });
  expect(tokenizer.decode(tokenizer.encode("Mia the zebra ran; no!"))).toBe("Mia the [UNK] ran[UNK] no!");
  expect(tokenizer.decode(tokenizer.encode('"Zebra!" she cried.'))).toBe('"[UNK]!" she cried.');
});
