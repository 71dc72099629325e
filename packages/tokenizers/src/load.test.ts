import { expect, test } from "vitest";
import { byteTokenizer } from "./byte.ts";
import { characterTokenizer } from "./character.ts";
import { loadTokenizer } from "./load.ts";
import { wordTokenizer } from "./word.ts";

const special = { mask: "[MASK]", end: "[END]" };
const text = 'Mia said, "Run, 👍!"\n';

test.each([
  ["character", characterTokenizer(text, { special })],
  ["byte", byteTokenizer({ special })],
  ["word", wordTokenizer(text, { special })],
])("a %s tokenizer survives JSON", (kind, tokenizer) => {
  const loaded = loadTokenizer(JSON.parse(JSON.stringify(tokenizer)));
  expect(loaded.kind).toBe(kind);
  expect(loaded.size).toBe(tokenizer.size);
  expect(loaded.special).toEqual(tokenizer.special);
  expect(loaded.encode(`${text}[MASK]`)).toEqual(tokenizer.encode(`${text}[MASK]`));
  expect(loaded.toJSON()).toEqual(tokenizer.toJSON());
});

test("what is saved is this", () => {
  expect(wordTokenizer("Mia ran", { special }).toJSON()).toEqual({
    kind: "word",
    version: 1,
    vocabulary: [" ", "##", "\n", "Mia", "ran"],
    special: [
      { role: "mask", token: "[MASK]" },
      { role: "end", token: "[END]" },
    ],
  });
});

const good = { kind: "character", version: 1, vocabulary: ["a", "b"], special: [] };
const word = { ...good, kind: "word", vocabulary: [" ", "##", "\n", "a"] };

test.each([
  [null, "a saved tokenizer is an object, got null"],
  [[], "got a list"],
  ["{}", 'got the string "{}"; read it with JSON.parse first'],
  [{}, "kind of a saved tokenizer is one of character, byte, word; got nothing"],
  [
    { ...good, kind: "wordpiece" },
    'kind of a saved tokenizer is one of character, byte, word; got the string "wordpiece"',
  ],
  [{ ...good, version: 2 }, "version of a saved tokenizer is 1, the only version this release reads; got the number 2"],
  [{ ...good, version: "1" }, 'got the string "1"'],
  [{ ...good, merges: [] }, 'a character tokenizer knows the keys kind, version, vocabulary, special; got "merges"'],
  [{ ...good, kind: "byte" }, 'a byte tokenizer knows the keys kind, version, special; got "vocabulary"'],
  [{ ...good, vocabulary: undefined }, "vocabulary of a saved tokenizer is a list of tokens; got nothing"],
  [{ ...good, vocabulary: [] }, "the vocabulary is empty"],
  [{ ...good, vocabulary: ["a", "a"] }, 'the token "a" has the ids 0 and 1; remove one of the two'],
  [{ ...good, vocabulary: ["a", null] }, "vocabulary[1] is a string with something in it, got null"],
  [{ ...good, vocabulary: ["a", ""] }, 'vocabulary[1] of a character tokenizer is one character, got ""'],
  [{ ...good, vocabulary: ["a", "bc"] }, "vocabulary[1] of a character tokenizer is one character"],
  [{ ...word, vocabulary: [...word.vocabulary, ""] }, 'vocabulary[4] is a string with something in it, got ""'],
  [{ ...word, vocabulary: ["a"] }, 'the vocabulary of a word tokenizer has the token " ", but this one lacks it'],
  [
    { ...word, vocabulary: [...word.vocabulary, "b c"] },
    'vocabulary[4] of a word tokenizer is one word or one mark, got "b c"',
  ],
  [{ ...word, vocabulary: [...word.vocabulary, '"'] }, 'got "\\""'],
  [
    { ...good, special: undefined },
    'special of a saved tokenizer is a list of entries such as { "role": "mask", "token": "[MASK]" }',
  ],
  [{ ...good, special: { mask: "[MASK]" } }, "got an object"],
  [
    { ...good, special: ["[MASK]"] },
    'special[0] of a saved tokenizer is an object with role and token; got the string "[MASK]"',
  ],
  [{ ...good, special: [{ role: "mask" }] }, "special[0].token of a saved tokenizer is a string; got nothing"],
  [{ ...good, special: [{ role: "mask", token: "[M]", id: 2 }] }, 'special[0] knows the keys role, token; got "id"'],
  [
    { ...good, special: [{ role: 1, token: "[M]" }] },
    "special[0].role of a saved tokenizer is a string; got the number 1",
  ],
  [
    {
      ...good,
      special: [
        { role: "mask", token: "[M]" },
        { role: "mask", token: "[N]" },
      ],
    },
    "special[1].role of a saved tokenizer is a role that is there only once",
  ],
  [
    { ...good, special: [{ role: "__proto__", token: "[M]" }] },
    'the role of a special token is a name such as mask or endOfText, got "__proto__"',
  ],
])("%j is refused", (json, message) => {
  expect(() => loadTokenizer(json)).toThrow(message);
});

test("refusals are ConfigErrors that name the key", () => {
  expect(() => loadTokenizer({ ...good, version: 2 })).toThrow(
    expect.objectContaining({ name: "ConfigError", fields: { key: "version", expected: expect.any(String), got: 2 } }),
  );
});
