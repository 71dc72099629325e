import { expect, test } from "vitest";
import { Json } from "../json.ts";
import { readDecoder } from "./decoder.ts";

const decode = (tokens: readonly string[], ...decoders: object[]): string[] => {
  const step = readDecoder(new Json({ type: "Sequence", decoders }, "decoder"))();
  return [...tokens.map((token) => step.push(token).join("")), step.end().join("")];
};
const strip = (start: number, stop: number) => ({ type: "Strip", content: "_", start, stop });
const fuse = { type: "Fuse" };

test("each token is stripped of as many as are asked for", () => {
  expect(decode(["__a__", "_", "b"], strip(1, 1))).toEqual(["_a_", "", "b", ""]);
  expect(decode(["__a__"], strip(3, 0))).toEqual(["a__", ""]);
});

test("a fused text is stripped at its start and end alone, and what may be its end is held back", () => {
  expect(decode(["_", "_a", "_", "b__", "c_", "_"], fuse, strip(2, 1))).toEqual(["", "a", "", "_b_", "_c", "_", ""]);
  expect(decode(["a_", "_", "b"], fuse, strip(0, 2))).toEqual(["a", "", "__b", ""]);
});

test("what needs the whole text says it at the end", () => {
  const replace = { type: "Replace", pattern: { String: "ab" }, content: "x" };
  expect(decode(["a", "b", "a"], fuse, replace)).toEqual(["", "", "", "xa"]);
  expect(decode(["a", "b", "a"], replace, fuse)).toEqual(["a", "b", "a", ""]);
});
