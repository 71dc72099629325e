import { expect, test } from "vitest";
import { byteVocabulary, characterVocabulary } from "../../test/constrained.ts";
import { choices } from "./choices.ts";
import { jsonSchema } from "./json-schema.ts";
import { expressionConstraint } from "./tokens/expression-constraint.ts";

/** All texts that a constraint can generate within a budget. */
function all(
  constraint: ReturnType<typeof choices>,
  pieces: readonly (string | undefined)[],
  budget: number,
): string[] {
  const from = (state: unknown, left: number): string[] => [
    ...(constraint.accepts(state) ? [""] : []),
    ...Array.from(constraint.allowed(state, left)).flatMap((id) =>
      from(constraint.next(state, id), left - 1).map((rest) => pieces[id]! + rest),
    ),
  ];
  return [...new Set(from(constraint.start, budget))].sort();
}

test("exactly these texts come out, however the tokens cut them", () => {
  const pieces = ["a", "ab", "b", "c", undefined, "", "bc", "abc", "é"];
  const texts = ["abc", "ab", "c", "abé"];
  expect(all(choices(pieces, texts), pieces, 5)).toEqual([...texts].sort());
  expect(all(choices(pieces, texts), pieces, 1)).toEqual(["ab", "abc", "c"]);
});

test("a budget counts tokens, glued ones included", () => {
  const pieces = [...Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte)), "hello", " wor", "ld"];
  const constraint = choices(pieces, ["hello world"]);
  expect(Array.from(constraint.allowed(constraint.start, 3))).toEqual([128]);
  expect(Array.from(constraint.allowed(constraint.start, 2))).toEqual([]);
  const complete = choices([...byteVocabulary, "hello", " wor", "ld"], ["hello world"]);
  expect(Array.from(complete.allowed(complete.start, 3))).toEqual([256]);
  expect(Array.from(complete.allowed(complete.start, 2))).toEqual([]);
  expect(Array.from(complete.allowed(complete.start, 7))).toEqual([104, 256]);
});

test("of ten thousand texts each can be written", () => {
  const texts = Array.from({ length: 10_000 }, (_, n) => `number ${n}`);
  const constraint = choices(byteVocabulary, texts);
  const encoder = new TextEncoder();
  for (const text of ["number 0", "number 9999", "number 123"]) {
    const end = encoder.encode(text).reduce((state, byte) => constraint.next(state, byte), constraint.start);
    expect(constraint.accepts(end)).toBe(true);
  }
});

test("a text of 100,000 characters does not exhaust the stack", () => {
  const constraint = choices(byteVocabulary, ["x".repeat(100_000)]);
  expect(Array.from(constraint.allowed(constraint.start, 100_000))).toEqual([120]);
  expect(Array.from(constraint.allowed(constraint.start, 99_999))).toEqual([]);
});

test("long texts that begin the same, and a long group before something else, do not either", () => {
  const beginning = "x".repeat(30_000);
  const two = choices(byteVocabulary, [`${beginning}a`, `${beginning}b`]);
  expect(Array.from(two.allowed(two.start, 30_001))).toEqual([120]);
  expect(Array.from(two.allowed(two.start, 30_000))).toEqual([]);
  const inProperty = jsonSchema(byteVocabulary, {
    type: "object",
    properties: { a: { const: beginning } },
    required: ["a"],
  });
  expect(Array.from(inProperty.allowed(inProperty.start, 30_008))).toEqual([123]);
  expect(Array.from(inProperty.allowed(inProperty.start, 30_007))).toEqual([]);
});

test("what cannot be chosen from is refused", () => {
  expect(() => choices(byteVocabulary, [])).toThrow(
    "choices(pieces, texts) needs at least one text to choose, such as ['yes', 'no'].",
  );
  expect(() => choices(byteVocabulary, ["a", ""])).toThrow(
    'choices(): text 1 is a string of at least one whole character, got ""',
  );
  expect(() => choices(byteVocabulary, ["\ud800"])).toThrow("text 0 is a string of at least one whole character");
  expect(() => choices(characterVocabulary("yes"), ["no", "oh"])).toThrow(
    'choices("no", "oh") cannot be written with the tokens of this vocabulary: none writes the "n" of "no".',
  );
  expect(() => choices([undefined, ""], ["no"])).toThrow("None of the vocabulary's tokens writes any text");
  expect(() => choices(["\udc00"], ["no"])).toThrow("The piece of token 0 is well-formed text, bytes, or undefined");
  expect(() => choices("no" as never, ["no"])).toThrow("The pieces of a vocabulary are an array");
  const constraint = choices(byteVocabulary, ["no"]);
  expect(() => constraint.next(constraint.start, 120)).toThrow(
    'Token 120 may not come here: choices("no") allows only the ids that allowed() names.',
  );
  expect(() => constraint.next(constraint.start, 256)).toThrow("Token 256 may not come here");
});

test("a language that begins with itself is refused instead of asked for ever", () => {
  const build = (): unknown =>
    expressionConstraint("loop", byteVocabulary, (make) => {
      make.define("x", make.choice(make.text("a"), make.sequence(make.optional(make.text("b")), make.reference("x"))));
      return make.reference("x");
    });
  expect(build).toThrow("x begins with itself: put something before it, or leave that reference out.");
});
