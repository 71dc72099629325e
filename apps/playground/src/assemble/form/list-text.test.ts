import { expect, test } from "vitest";

import { listFrom, listText } from "./list-text.ts";

test("a list of windows is written and read, null as all", () => {
  expect(listText([16, null])).toBe("16, all");
  expect(listFrom("16, all", { nullable: true })).toEqual([16, null]);
  expect(listFrom(" 16;all  8 ", { nullable: true })).toEqual([16, null, 8]);
  expect([listText(undefined), listFrom("", { nullable: false })]).toEqual(["", undefined]);
});

test("what is no list says so", () => {
  expect(() => listFrom("16, many", { nullable: true })).toThrow(
    '“many” is no number. Write numbers with commas between them, or "all".',
  );
  expect(() => listFrom("16, all", { nullable: false })).toThrow(
    "“all” is no number. Write numbers with commas between them.",
  );
  expect(() => listFrom("16", { nullable: false, length: 2 })).toThrow("Write 2 numbers, with a comma between them.");
  expect(listFrom("16 × 8", { nullable: false, length: 2 })).toEqual([16, 8]);
});
