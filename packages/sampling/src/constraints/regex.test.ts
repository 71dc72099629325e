import { random, type Random } from "@tenon/tensor";
import { expect, test } from "vitest";
import { acceptsText, byteVocabulary, characterVocabulary, generateIds, textOf } from "../../test/constrained.ts";
import { regex } from "./regex.ts";

const letters = ["a", "b", "c", "é", "☃", "😀", "1", "_", "-", "\n", " ", ".", "\u2028", '"', "\\"];

function randomText(dice: Random): string {
  return Array.from({ length: dice.integer(7) }, () => dice.pick(letters)).join("");
}

function randomPattern(dice: Random, depth: number): string {
  const inner = (): string => randomPattern(dice, depth - 1);
  const atoms = [
    "a",
    "b",
    "é",
    "😀",
    "☃",
    ".",
    "\\d",
    "\\W",
    "\\s",
    "\\S",
    "\\w",
    "\\D",
    "\\x61",
    "\\u00e9",
    "\\u{1F600}",
    "\\ud83d\\ude00",
    "\\.",
    "\\n",
  ];
  const classes = [
    "[a-c]",
    "[^a]",
    "[^\\s\\d]",
    "[é-☃]",
    "[😀_\\-]",
    "[^\\x00-\\u{1F5FF}]",
    "[\\w.]",
    "[-a]",
    "[a-]",
    "[\\b1]",
    "[^]",
    "[]",
  ];
  if (depth === 0) return dice.pick(dice.integer(2) === 0 ? atoms : classes);
  const shapes = [
    () => inner() + inner(),
    () => `(?:${inner()}|${inner()})`,
    () => `(${inner()}|)`,
    () => `(?:${inner()})${dice.pick(["*", "+", "?", "*?", "{2}", "{1,}", "{0,3}", "{1,2}?", "{0}"])}`,
  ];
  return dice.pick(shapes)();
}

test("it accepts exactly what RegExp matches, and what is generated matches", () => {
  const dice = random(5);
  let [matching, generated] = [0, 0];
  for (let i = 0; i < 400; i++) {
    const pattern = randomPattern(dice, 1 + dice.integer(4));
    const flags = dice.pick(["u", "us"]);
    const reference = new RegExp(`^(?:${pattern})$`, flags);
    let constraint;
    try {
      constraint = regex(byteVocabulary, new RegExp(pattern, flags));
    } catch (error) {
      expect((error as Error).message).toMatch(/no text at all|nothing but the empty text/);
      for (let k = 0; k < 20; k++) expect(reference.test(randomText(dice) || "a"), pattern).toBe(false);
      continue;
    }
    const texts = Array.from({ length: 12 }, () => randomText(dice));
    for (let k = 0; k < 4; k++) {
      const text = textOf(byteVocabulary, generateIds(constraint, 60, dice));
      expect(reference.test(text), `${pattern} ${JSON.stringify(text)}`).toBe(true);
      generated++;
      texts.push(text.slice(1).toWellFormed());
    }
    for (const text of texts) {
      const matches = reference.test(text);
      expect(acceptsText(constraint, text), `${pattern} ${JSON.stringify(text)}`).toBe(matches);
      if (matches) matching++;
    }
  }
  expect(matching).toBeGreaterThan(500);
  expect(generated).toBeGreaterThan(1000);
});

test("every escape and class is about the same characters as in RegExp", () => {
  for (const escape of ["\\d", "\\D", "\\w", "\\W", "\\s", "\\S", ".", "[^\\W_]", "[\\s\\d]"]) {
    const [constraint, reference] = [regex(byteVocabulary, escape), new RegExp(`^(?:${escape})$`, "u")];
    for (let codePoint = 0; codePoint < 0x10000; codePoint += codePoint < 0x300 || codePoint > 0x1fff ? 1 : 13) {
      if ((codePoint > 0x30ff && codePoint < 0xfe00) || (codePoint > 0x2100 && codePoint < 0x2fff)) continue;
      const character = String.fromCodePoint(codePoint);
      expect(acceptsText(constraint, character), `${escape} ${codePoint}`).toBe(reference.test(character));
    }
  }
});

test("^ and $ may stand at the ends of alternatives, and counts are not written out", () => {
  const constraint = regex(byteVocabulary, "^ab$|^c|d$");
  expect(["ab", "c", "d", "a", "abc"].map((text) => acceptsText(constraint, text))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  const long = regex(byteVocabulary, "(?:a{0,1000000}b){100000}");
  expect(Array.from(long.allowed(long.start, 100_000))).toEqual([98]);
  expect(Array.from(long.allowed(long.start, 100_001))).toEqual([97, 98]);
  expect(Array.from(long.allowed(long.start, 99_999))).toEqual([]);
});

test.each([
  [
    /(a)\1/,
    "The back-reference \\1 at position 3 of the pattern /(a)\\1/ is not supported: it would need to remember what was written.",
  ],
  [/a(?=b)/, "The look-around (?=…) at position 1"],
  [/(?<!b)a/, "The look-around (?<!…) at position 0"],
  [/(?<n>b)a/, "The group (?<…) at position 0 of the pattern /(?<n>b)a/ is not supported: write (…) or (?:…)."],
  [/a\b/, "The word boundary \\b at position 1"],
  [/\p{L}/u, "The escape \\p at position 0"],
  [/\cA/, "The escape \\c at position 0"],
  [/[\p{L}]/u, "The escape \\p at position 1"],
  [
    /a^b/,
    "^ at position 1 of the pattern /a^b/ is not supported: it may only stand at the ends of the pattern or of its alternatives.",
  ],
  [/a$b/, "$ at position 1"],
  [/(a$)/, "$ at position 2"],
  [/(^a)/, "^ at position 1"],
  [/\ud800/u, "Half a surrogate pair, \\ud800, at position 0"],
  [/a/i, "The flag i of /a/i is not supported: leave it out."],
  [/a/g, "The flag g of /a/g"],
  ["a{", "/a{/ is no regular expression with the flag u: "],
  ["\\-", "/\\-/ is no regular expression with the flag u: "],
  ["[]", "regex(/[]/) describes no text at all: nothing could be generated."],
  ["a{0}", "regex(/a{0}/) allows nothing but the empty text, so there is no token to generate."],
  [7 as never, "regex(pieces, pattern) takes a RegExp or a string, got 7"],
])("%s is refused", (pattern, message) => {
  expect(() => regex(byteVocabulary, pattern)).toThrow(message);
});

test("a character that no token writes is named", () => {
  expect(() => regex(characterVocabulary("caf"), /(caf)?é/)).toThrow(
    'regex(/(caf)?é/) cannot be written with the tokens of this vocabulary: none writes the "é" of "é".',
  );
  // The bytes of é occur in è and ©, but nothing writes them together.
  expect(() => regex(characterVocabulary("cafè©"), /café/)).toThrow('none writes the "é" of "café".');
});

test("what the vocabulary cannot write is never begun", () => {
  const constraint = regex(characterVocabulary("ab"), /ac|ab?|bb{0,3}c/);
  expect(Array.from(constraint.allowed(constraint.start, Infinity))).toEqual([1]);
});

test("a long text in a large vocabulary: what was forgotten on the way is found again", () => {
  const letters = [..."abcdefghijklmnopqrstuv"];
  const merges = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
  const constraint = regex([...byteVocabulary, ...merges], /[a-z]{1,220}/);
  const first = Array.from(constraint.allowed(constraint.start, Infinity));
  expect(first).toHaveLength(26 + merges.length);
  let state = constraint.start;
  for (let length = 0; length < 220; length++) {
    const left = 220 - length;
    expect(constraint.allowed(state, Infinity)).toHaveLength(left >= 3 ? first.length : 26);
    state = constraint.next(state, 97);
  }
  expect(constraint.allowed(state, Infinity)).toHaveLength(0);
  expect(Array.from(constraint.allowed(constraint.start, Infinity))).toEqual(first);
});
