import { expect, test } from "vitest";
import { Specials } from "./special.ts";
import { wordTokenizer } from "./word.ts";
import { wordVocabulary } from "./word-vocabulary.ts";

const none = new Specials();
const unknown = new Specials({ unknown: "[UNK]" });

test("layout first, then the most frequent, then the order of the code units", () => {
  expect(wordVocabulary("b a. c c a\n", none, {})).toEqual([" ", "##", "\n", "a", "c", ".", "b"]);
});

test("special tokens of the text are not words of it", () => {
  expect(wordVocabulary("a [UNK] a", unknown, {})).toEqual([" ", "##", "\n", "a"]);
});

test("the minimum count leaves out the rare", () => {
  expect(wordVocabulary("b a. c c a\n", unknown, { minimumCount: 2 })).toEqual([" ", "##", "\n", "a", "c"]);
});

test("the maximum size counts everything, and cuts the rarest", () => {
  const tokenizer = wordTokenizer("b a. c c a\n", { maximumSize: 6, special: { unknown: "[UNK]" } });
  expect(tokenizer.size).toBe(6);
  expect(tokenizer.encode("a b c").map((id) => tokenizer.token(id))).toEqual(["a", "[UNK]", "c"]);
});

test("limits that leave nothing out need no unknown token", () => {
  expect(wordVocabulary("a a", none, { minimumCount: 2, maximumSize: 4 })).toHaveLength(4);
});

test.each([
  [{ minimumCount: 2 }, "these limits leave out 2 of the 3 tokens of the text, and nothing stands for them"],
  [{ maximumSize: 5 }, "these limits leave out 1 of the 3 tokens"],
  [{ minimumCount: 0 }, "minimumCount is a whole number of 1 or more, got 0"],
  [{ minimumCount: 1.5 }, "got 1.5"],
  [{ maximumSize: 3 }, "maximumSize is a whole number of 4 or more: 3 tokens for layout, 0 special ones"],
  [{ maximumSize: NaN }, "got NaN"],
])("%j is refused", (limits, message) => {
  expect(() => wordVocabulary("b a c a", none, limits)).toThrow(message);
});

test("what a word tokenizer does not know is refused", () => {
  expect(() => wordTokenizer("")).toThrow("the text is empty");
  expect(() => wordTokenizer(["a"] as never)).toThrow("which is a string; got a list");
  expect(() => wordTokenizer("a", { maxSize: 5 } as never)).toThrow(
    'wordTokenizer knows the keys special, minimumCount, maximumSize; got "maxSize"',
  );
  expect(() => wordTokenizer("a", { special: { join: "##" } })).toThrow('the token "##" has the ids 1 and 4');
});
