import { expect, test } from "vitest";

import { arrow, call, code, construct, expressionOf, imported, named, type Printable } from "./expression.ts";
import { laidOut } from "./layout.ts";

const text = (value: Printable): string => laidOut(expressionOf(value).layout);

test("values are written as JSON has them, but for keys, and small numbers", () => {
  expect(text({ a: [1, null, "x"], "b-c": true, d: { e: -0.5 } })).toBe(
    '{ a: [1, null, "x"], "b-c": true, d: { e: -0.5 } }',
  );
  expect([1e-5, 1e-12, 0.001, 10000, 0.1, 1 / 3].map(text)).toEqual([
    "1e-5",
    "1e-12",
    "0.001",
    "10000",
    "0.1",
    String(1 / 3),
  ]);
});

test("what is absent is left out: keys, objects of nothing, and arguments at the end", () => {
  expect(text({ a: undefined, b: { c: undefined }, d: [] })).toBe("{ d: [] }");
  expect(text({ width: named("width"), hidden: named("width") })).toBe("{ width, hidden: width }");
  expect(text(call(named("f"), undefined, 1, undefined, { a: undefined }))).toBe("f(undefined, 1)");
});

test("what does not fit a line is broken from outside in, and numbers fill their lines", () => {
  const long = "x".repeat(60);
  expect(text(construct("A", "a", { one: { long }, two: { long } }))).toBe(
    `new A({\n  one: { long: "${long}" },\n  two: { long: "${long}" },\n})`,
  );
  const lines = text(Array.from({ length: 60 }, (_, i) => i + 0.25)).split("\n");
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(110);
});

test("code keeps its indentation, and indents what stands in it", () => {
  const long = "x".repeat(60);
  expect(text(code`{\n  ${{ long, more: long }}\n}`)).toBe(
    `{\n  {\n    long: "${long}",\n    more: "${long}",\n  }\n}`,
  );
});

test("a function takes the parameters that its body uses, and those before them", () => {
  const f = imported("f", "a");
  expect(text(arrow(["x", "y"], call(f, named("y"))))).toBe("(x, y) => f(y)");
  expect(text(arrow(["x", "y"], call(f, named("x"))))).toBe("(x) => f(x)");
  expect(text(arrow(["f"], call(f)))).toBe("() => f()");
});
