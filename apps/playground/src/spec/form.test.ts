import { expect, test } from "vitest";

import { outOfRange } from "./form.ts";

test("a number out of its range says what to write", () => {
  expect(outOfRange(0, { least: 1, most: 9 })).toBe("Write 1 or more.");
  expect(outOfRange(10, { least: 1, most: 9 })).toBe("Write 9 or less.");
  expect(outOfRange(0, { above: 0 })).toBe("Write a number above 0.");
  expect(outOfRange(1, { least: 0, below: 1 })).toBe("Write a number below 1.");
  expect([outOfRange(1, { least: 1 }), outOfRange(0.5, { above: 0, below: 1 }), outOfRange(-7, {})]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
