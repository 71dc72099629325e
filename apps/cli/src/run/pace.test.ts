import { expect, test } from "vitest";

import { Pace } from "./pace.ts";

test("the time left follows from the steps of this run alone", () => {
  const pace = new Pace(100, 200, 0);
  expect(pace.secondsLeft(100, 5000)).toBe(0);
  expect(pace.secondsLeft(150, 5000)).toBe(5);
  expect(pace.secondsLeft(200, 9000)).toBe(0);
  expect(pace.secondsSoFar(9000)).toBe(9);
});
