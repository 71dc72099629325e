import { expect, test } from "vitest";

import { type JsonValue, readObject } from "./json.ts";
import { show } from "./show.ts";

const refuse = (problem: string): never => {
  throw new SyntaxError(problem);
};

/** Reads a value, as the only member of an object. */
function read(text: string): JsonValue | undefined {
  let found: JsonValue | undefined;
  readObject(`{"x":${text}}`, (_, value) => (found = value), refuse);
  return found;
}

/** What `JSON.parse` gives for the same text. */
function plain(value: JsonValue | undefined): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === "object" && value !== null && "spelling" in value ? Number(value.spelling) : value;
}

test.each([
  '{"a":[1,-2.5e3,true,false,null],"b":""}',
  ' \t\n\r{ "a" : [ ] , "b" : [ 1 ] } ',
  '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude42 🙂 \u2028"',
  "[0,-0,1e5,1E+5,1.5e-5]",
])("%s reads as JSON.parse reads it", (text) => {
  expect(plain(read(text))).toEqual(JSON.parse(text));
});

test.each([
  "",
  "{",
  "[1,]",
  "[1 2]",
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  "{a:1}",
  "01",
  "+1",
  ".5",
  "1.",
  "1e",
  "nul",
  "NaN",
  '"\n"',
  '"\\x"',
  '"\\',
  '"\\u12"',
  '"a',
  "'a'",
  "[]]",
  "\ufeff{}",
])("%j is refused, as JSON.parse refuses it", (text) => {
  expect(() => JSON.parse(`{"x":${text}}`)).toThrow();
  expect(() => read(text)).toThrow(SyntaxError);
});

test("half a surrogate pair is refused: JSON.parse takes it, UTF-8 cannot hold it", () => {
  expect(() => read('{"\\ud83d":1}')).toThrow('has a string inside "x" at character 6 with an invalid escape');
});

test("duplicate keys are refused with their place", () => {
  expect(() => read('{"b":1,"b":1}')).toThrow('has the key "b" twice inside "x", the second time at character 12');
});

test("a number that is not plainly whole keeps its spelling", () => {
  expect(read("[0,9007199254740991]")).toEqual([0, 9007199254740991]);
  for (const spelling of ["9007199254740993", "-0", "-1", "1.0", "1e0", "1e999"])
    expect(read(spelling)).toEqual({ spelling });
});

test("objects nest as deep as a header's, lists one level more", () => {
  expect(() => read('{"y":{}}')).toThrow('nests deeper than a header does at character 10 inside "x" → "y"');
  expect(() => read('{"y":[[]]}')).toThrow('nests deeper than a header does at character 11 inside "x" → "y"');
});

test("lists and inner objects have a limit, so a header cannot fill the memory", () => {
  expect(read(`[${"1,".repeat(255)}1]`)).toHaveLength(256);
  expect(() => read(`[${"1,".repeat(256)}1]`)).toThrow('has a list of more than 256 items inside "x"');
  const keys = Array.from({ length: 100_001 }, (_, i) => `"${i}":0`);
  expect(() => read(`{${keys.join(",")}}`)).toThrow('has more than 100000 keys inside "x"');
});

test("members come one by one, each before the next is read", () => {
  const seen: string[] = [];
  expect(() => readObject('{"a":1,"b":2,"c"', (key) => seen.push(key), refuse)).toThrow(
    "not valid JSON at character 16",
  );
  expect(seen).toEqual(["a", "b"]);
  expect(() => readObject("[]", () => {}, refuse)).toThrow('is not valid JSON at character 0: expected "{", got "["');
});

test("values are shown as they stood, and short", () => {
  expect(show(read('["a",1e3,null,[true]]'))).toBe('["a", 1e3, null, [true]]');
  expect(show(read("{}"))).toBe("an object");
  expect(show(undefined)).toBe("nothing");
  expect(show(read(`[${"1,".repeat(99)}1]`))).toMatch(/^\[1, .*, …\]$/);
  expect(show(read(`["${"x".repeat(300)}"]`)).length).toBeLessThan(90);
});
