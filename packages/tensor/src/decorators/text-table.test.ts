import { expect, test } from "vitest";

import { grouped, scaled, textTable } from "./text-table.ts";

test("aligns words at the left and numbers at the right, with the whole below a rule", () => {
  const text = textTable<[string, number]>(
    [
      { head: "op", text: ([name]) => name },
      { head: "calls", number: true, text: ([, calls]) => grouped(calls) },
    ],
    [
      ["add", 1234567],
      ["matmul", 1],
    ],
    ["total", 1234568],
  );
  expect(text.split("\n")).toEqual([
    "op          calls",
    "add     1,234,567",
    "matmul          1",
    "-----------------",
    "total   1,234,568",
  ]);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.00 kB"],
  [12_345, "12.35 kB"],
  [123_456_789, "123.5 MB"],
  [1e9, "1.00 GB"],
  [2.5e18, "2500.0 PB"],
])("%d bytes are %s", (n, text) => expect(scaled(n, "B")).toBe(text));
test("a count without a unit has a letter alone", () =>
  expect([scaled(12, ""), scaled(12_000, "")]).toEqual(["12", "12.00 k"]));
