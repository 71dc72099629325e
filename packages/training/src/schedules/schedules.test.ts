import { expect, test } from "vitest";

import { constant } from "./constant.ts";
import { warmUpCosine } from "./warm-up-cosine.ts";
import { warmUpLinear } from "./warm-up-linear.ts";
import type { WarmUpOptions } from "./warm-up.ts";

test("constant", () => {
  expect([0, 1, 1e6].map(constant(0.25))).toEqual([0.25, 0.25, 0.25]);
  expect(() => constant(0)).toThrow("constant: rate must be a finite number above 0, got 0");
});

test("warmUpCosine at its corners", () => {
  const schedule = warmUpCosine({ rate: 1, warmUp: 4, steps: 12, floor: 0.25 });
  expect([0, 1, 2, 3, 4].map(schedule)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  expect(schedule(8)).toBe(0.625); // half-way down
  expect(schedule(6)).toBeCloseTo(0.25 + 0.75 * (0.5 + Math.SQRT1_2 / 2), 15);
  expect(schedule(11)).toBeGreaterThan(0.25);
  expect([12, 13, 1e9].map(schedule)).toEqual([0.25, 0.25, 0.25]);
});

test("warmUpLinear at its corners", () => {
  const schedule = warmUpLinear({ rate: 1, warmUp: 1, steps: 5 });
  expect([0, 1, 2, 3, 4, 5, 6].map(schedule)).toEqual([0.5, 1, 0.75, 0.5, 0.25, 0, 0]);
  expect(warmUpLinear({ rate: 1, warmUp: 0, steps: 4, floor: 0.5 })(2)).toBe(0.75);
});

test.each([warmUpCosine, warmUpLinear])("without warm-up, begins at the top", (schedule) => {
  expect(schedule({ rate: 0.5, warmUp: 0, steps: 10 })(0)).toBe(0.5);
  expect(schedule({ rate: 0.5, warmUp: 0, steps: 1 })(1)).toBe(0);
});

test.each([warmUpCosine, warmUpLinear])("never rises after the warm-up", (make) => {
  const schedule = make({ rate: 3e-4, warmUp: 7, steps: 50, floor: 1e-5 });
  for (let step = 7; step < 60; step++) expect(schedule(step + 1)).toBeLessThanOrEqual(schedule(step));
});

test("bad corners are refused by name", () => {
  const good = { rate: 1, warmUp: 2, steps: 5 };
  const make = (change: Partial<WarmUpOptions>) => (): unknown => warmUpCosine({ ...good, ...change });
  expect(make({ rate: -1 })).toThrow("warmUpCosine: rate must be a finite number above 0, got -1");
  expect(make({ steps: 0 })).toThrow("warmUpCosine: steps must be a whole number from 1 up, got 0");
  expect(make({ warmUp: 5 })).toThrow(
    "warmUpCosine: warmUp must be a whole number from 0 to 4, one less than the number of steps, got 5",
  );
  expect(make({ warmUp: 0.5 })).toThrow("got 0.5");
  expect(make({ floor: 2 })).toThrow("warmUpCosine: floor must be from 0 to the rate 1, got 2");
});
