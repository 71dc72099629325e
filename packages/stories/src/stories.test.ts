import { random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { plots } from "./plots/all.ts";
import { stories, story } from "./stories.ts";
import { tell } from "./tell.ts";
import { characters } from "./words/characters.ts";
import { kinds } from "./words/kinds.ts";

const told = Array.from({ length: 2000 }, (_, index) => tell(random(11).fork(index)));
const namedKind = new RegExp(
  `\\b(${characters.map(({ name }) => name).join("|")}) the (${Object.keys(kinds).join("|")})\\b`,
  "g",
);
const words = (text: string): string[] => text.match(/[A-Za-z']+/g) ?? [];

test("the same seed tells the same text, a different seed another", () => {
  expect(stories({ seed: 3, count: 20 })).toBe(stories({ seed: 3, count: 20 }));
  expect(stories({ seed: 3, count: 20 })).not.toBe(stories({ seed: 4, count: 20 }));
});

test("the text of a seed does not change by accident: shipped models were trained on it", () => {
  expect(stories({ seed: 1, count: 3 }).slice(0, 120)).toBe(
    'It was a windy morning. The wind blew in the trees. Max the dog ran to the field. He was playing with a yellow wagon. "I',
  );
});

test("a longer text begins with the shorter one", () => {
  const short = stories({ seed: 5, count: 4 });
  expect(stories({ seed: 5, count: 9 }).startsWith(short.trimEnd())).toBe(true);
  expect(short.trimEnd().split("\n\n")).toHaveLength(4);
  expect(short).toMatch(/[.!?"]\n$/);
});

test("one generator tells one story after the other", () => {
  const dice = random(1);
  expect(story(dice)).not.toBe(story(dice));
});

test.each([0, -1, 1.5, NaN, "3"])("a count of %s is refused", (count) => {
  expect(() => stories({ seed: 1, count: count as number })).toThrow("count is the number of stories");
});

test("nearly all stories are different", () => {
  expect(new Set(told.map(({ text }) => text)).size).toBeGreaterThan(1980);
});

test("every plot is told, about equally often", () => {
  const counts = plots.map(({ name }) => told.filter(({ plot }) => plot === name).length);
  expect(Math.min(...counts)).toBeGreaterThan((0.6 * told.length) / plots.length);
});

test("the vocabulary is small: between 350 and 600 distinct words", () => {
  const distinct = new Set(told.flatMap(({ text }) => words(text))).size;
  expect(distinct).toBeGreaterThan(350);
  expect(distinct).toBeLessThan(600);
});

test("a story has 40 to 110 words, on one line of plain ASCII", () => {
  for (const { text } of told) {
    expect(words(text).length).toBeGreaterThanOrEqual(40);
    expect(words(text).length).toBeLessThanOrEqual(110);
    expect(text).toMatch(/^[A-Za-z ,.!?"]+$/);
  }
});

test("no slot is left, no space doubled or stray, quotation marks are in pairs", () => {
  for (const { text } of told) {
    expect(text).not.toMatch(/[{}]| {2}|undefined| [.,!?]|^ | $/);
    expect(text.split('"').length % 2).toBe(1);
    // An opening mark stands after a space, a closing one after punctuation.
    for (const [, quotation, after] of text.matchAll(/"([^"]*)"(.|$)/g)) {
      expect(quotation).toMatch(/^[A-Z].*[.,!?]$|^so |^and |^but /);
      expect(after).toMatch(/^ ?$/);
    }
  }
});

test("sentences begin with a capital and end with a mark", () => {
  for (const { text } of told) {
    expect(text).toMatch(/[.!?]"?$/);
    for (const sentence of text.split(/(?<=[.!?]) /)) expect(sentence).toMatch(/^"?[A-Z]/);
    // After a finished quotation comes a new sentence; after a question or a call it may go on with who said it.
    for (const [, next] of text.matchAll(/\." (\S+)/g)) expect(next).toMatch(/^"?[A-Z]/);
    for (const [, mark, next] of text.matchAll(/([,!?])" (\S+ \S+)/g)) {
      if (/^[a-z]/.test(next!)) expect(next).toMatch(/^(said|asked|cried|called|he|she|the) /);
      else if (mark === ",") expect(next).toMatch(/^[A-Z][a-z]+ (said|asked|cried|called)/);
    }
  }
});

test("a and an follow the sound", () => {
  for (const { text } of told) {
    expect(text).not.toMatch(/\b[Aa] [aeiou]/);
    expect(text).not.toMatch(/\b[Aa]n [^aeiou]/);
  }
});

test("a pronoun never comes before the character that it stands for", () => {
  for (const { text, cast } of told) {
    const people = [cast["hero"]!, cast["friend"]!];
    for (const gender of ["she", "he"]) {
      const person = people.find(({ forms }) => forms["he"] === gender)!;
      const pronoun = gender === "she" ? /\b(she|her)\b/i : /\b(he|him|his)\b/i;
      const used = text.search(pronoun);
      if (used < 0) continue;
      const { "": name, full, kind } = person.forms as Record<string, string>;
      const introduced = [`${name}`, `${full}`, `little ${kind}`].map((mention) => text.indexOf(mention));
      const first = Math.min(...introduced.filter((index) => index >= 0));
      // "On his bed" may follow in the same breath, but never precede.
      expect(first, text).toBeLessThan(used);
    }
  }
});

test("only those in the cast are named, each with its own kind, and a thing keeps its look", () => {
  const looks = "red|blue|green|yellow|orange|white|shiny";
  for (const { text, cast } of told) {
    for (const [, name = "", kind] of text.matchAll(namedKind)) {
      const person = [cast["hero"]!, cast["friend"]!].find(({ forms }) => forms[""] === name);
      expect(person?.forms["kind"], `${name} the ${kind}`).toBe(kind);
    }
    const { "": noun, look } = cast["thing"]!.forms as Record<string, string>;
    for (const [, seen] of text.matchAll(new RegExp(`\\b(${looks}) ${noun}\\b`, "g"))) expect(seen).toBe(look);
  }
});

test("verbs and pronouns agree with things in the plural", () => {
  const plural = told.filter(({ cast }) => cast["thing"]!.traits.includes("plural"));
  expect(plural.length).toBeGreaterThan(20);
  for (const { text } of plural)
    expect(text).not.toMatch(/\b(mittens|boots) (was|is)\b|\b(a|this) (\w+ )?(mittens|boots)\b/);
  for (const { text } of told)
    expect(text).not.toMatch(
      /\bone (\w+s|berries)\b(?! (a|that))|\b(two|four|six) (apple|berry|carrot|cake|cookie|nut)\b/,
    );
});
