import { type Random, random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { wordTokenizer } from "./word.ts";

const special = { mask: "[MASK]", end: "[END]", unknown: "[UNK]" };
const pieces = [
  "Mia",
  "the",
  "fox",
  "don't",
  "7",
  " ",
  "  ",
  "\n",
  "\r\n",
  "\t",
  ".",
  ",",
  "!",
  '"',
  "'",
  "(",
  ")",
  "-",
  "#",
  "##",
  "`",
  "&",
  "é",
  "👍",
  "\ufe0f",
  "\u200d",
  "“",
  "”",
  "[MASK]",
  "[END]",
];

function anyText(dice: Random): string {
  return Array.from({ length: dice.integer(25) }, () => dice.pick(pieces)).join("");
}

test("any text comes back, however its pieces are set", () => {
  const dice = random(3);
  for (let i = 0; i < 1500; i++) {
    const text = anyText(dice);
    const tokenizer = wordTokenizer(`${text} x`, { special });
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  }
});

test("streaming gives what decoding at once gives, for any ids and any cut", () => {
  const dice = random(4);
  const tokenizer = wordTokenizer(pieces.join(" "), { special });
  for (let i = 0; i < 500; i++) {
    const ids = Array.from({ length: dice.integer(20) }, () => dice.integer(tokenizer.size));
    const cut = dice.integer(ids.length + 1);
    const decoder = tokenizer.decoder(ids.slice(0, cut));
    const rest = ids.slice(cut).map((id) => decoder.push(id));
    expect(tokenizer.decode(ids.slice(0, cut)) + rest.join("") + decoder.end()).toBe(tokenizer.decode(ids));
  }
});

test("a text with unknown words, once decoded, comes back", () => {
  const dice = random(5);
  const tokenizer = wordTokenizer('the fox . ! ( "x"', { special });
  for (let i = 0; i < 500; i++) {
    const text = tokenizer.decode(tokenizer.encode(anyText(dice)));
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  }
});
