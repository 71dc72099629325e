import { expect, test } from "vitest";

import { byteCount, count, duration, lossText, percent, plural, threeDigits } from "./numbers.ts";

test("numbers read as people write them", () => {
  expect([0, 999, 1234567].map(count)).toEqual(["0", "999", "1,234,567"]);
  expect([0, 999, 1000, 9994, 9995, 99949, 999499, 999500, 3.21e6, 4e15].map(byteCount)).toEqual([
    "0 B",
    "999 B",
    "1.00 kB",
    "9.99 kB",
    "10.0 kB",
    "99.9 kB",
    "999 kB",
    "1.00 MB",
    "3.21 MB",
    "4000 TB",
  ]);
  expect([0.12345, 1, 12.34, 99.94, 99.96, 1234.5].map(threeDigits)).toEqual([
    "0.123",
    "1.00",
    "12.3",
    "99.9",
    "100",
    "1,235",
  ]);
  expect([0, 0.84, 9.96, 59.4, 59.6, 185, 3599.9, 7800].map(duration)).toEqual([
    "0.0 s",
    "0.8 s",
    "10 s",
    "59 s",
    "1 min 0 s",
    "3 min 5 s",
    "1 h 0 min",
    "2 h 10 min",
  ]);
  expect([plural(1, "layer"), plural(1200, "layer")]).toEqual(["1 layer", "1,200 layers"]);
  expect(percent(0.1234)).toBe("12.3 %");
  expect(lossText(1.23456)).toBe("1.2346");
});
