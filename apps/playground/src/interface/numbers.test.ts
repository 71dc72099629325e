import { expect, test } from "vitest";

import { bytes, count, duration, percent, roughly } from "./numbers.ts";

test("numbers as people read them", () => {
  expect([
    count(1234567),
    roughly(124439808),
    roughly(6.74e9),
    roughly(950),
    roughly(2.5e13),
    roughly(2.624e15),
  ]).toEqual(["1,234,567", "124 million", "6.74 billion", "950", "25 trillion", "2,620 trillion"]);
  expect([bytes(0), bytes(1023), bytes(1024), bytes(1_500_000), bytes(30139252736)]).toEqual([
    "0 B",
    "1020 B",
    "1 KiB",
    "1.43 MiB",
    "28.1 GiB",
  ]);
  expect([0, 0.0004, 0.1234, 0.9994, 0.9996, 1].map(percent)).toEqual([
    "0 %",
    "< 0.1 %",
    "12.3 %",
    "99.9 %",
    "100 %",
    "100 %",
  ]);
  expect([0.44, 9.96, 59.6, 75.2, 3725].map(duration)).toEqual([
    "0.4 s",
    "10.0 s",
    "1 min 0 s",
    "1 min 15 s",
    "1 h 2 min",
  ]);
});
