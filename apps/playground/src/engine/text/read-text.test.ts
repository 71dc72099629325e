import { byteTokenizer, characterTokenizer, wordTokenizer } from "@tenon/tokenizers";
import { expect, test } from "vitest";

import type { OpenModel } from "../opened-model.ts";
import { readText, startOf, tokenizerOf } from "./read-text.ts";

test("what a model does not know is named, with some of what it knows", () => {
  const words = wordTokenizer("Mia the fox ran home");
  expect(readText("the fox ran", words, true)).toEqual(words.encode("the fox ran"));
  expect(() => readText("the quagga ran", words, true)).toThrow(
    `The model does not know the word "quagga". It knows ${words.size} tokens, such as Mia, fox, home, ran, the. Write it otherwise, or train a model on a text that has it.`,
  );
  expect(() => readText("fax", characterTokenizer("fox"), true)).toThrow(
    'The model does not know the character "a". It knows 3 tokens, such as f, o, x.',
  );
});

test("a text begins with the token for it, or a line break; a model that knows neither is given a beginning", () => {
  const marked = byteTokenizer({ special: { end: "<end>" } });
  expect(startOf(marked)).toEqual([marked.special["end"]]);
  expect(startOf(characterTokenizer("a\nb"))).toEqual(characterTokenizer("a\nb").encode("\n"));
  expect(() => startOf(characterTokenizer("ab"))).toThrow(
    "This model knows no beginning of a text by itself: write one.",
  );
});

test("a model without a tokenizer is named", () => {
  expect(() => tokenizerOf({ name: "fox", tokenizer: undefined } as OpenModel)).toThrow(
    "fox came without a tokenizer, so no text can be read for it. Open it with its tokenizer.json; an assembled model needs a vocabulary of 257 or more, to read bytes.",
  );
});
