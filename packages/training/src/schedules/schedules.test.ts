import { expect, test } from "vitest";

import { constant } from "./constant.ts";
import { noam } from "./noam.ts";
import { warmUpCosine } from "./warm-up-cosine.ts";
import { warmUpInverseSquareRoot } from "./warm-up-inverse-square-root.ts";
import { warmUpLinear } from "./warm-up-linear.ts";
import { warmUpPolynomial } from "./warm-up-polynomial.ts";
import { warmUpStableDecay } from "./warm-up-stable-decay.ts";
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

test("warmUpPolynomial is warmUpLinear for the power 1, and hangs lower for 2", () => {
  const corners = { rate: 1, warmUp: 2, steps: 10, floor: 0.25 };
  const steps = Array.from({ length: 14 }, (_, i) => i);
  expect(steps.map(warmUpPolynomial({ ...corners, power: 1 }))).toEqual(steps.map(warmUpLinear(corners)));
  expect(warmUpPolynomial({ ...corners, power: 2 })(6)).toBe(0.25 + 0.75 * 0.25);
  expect(() => warmUpPolynomial({ ...corners, power: 0 })).toThrow(
    "warmUpPolynomial: power must be a finite number above 0, got 0",
  );
});

test("warmUpInverseSquareRoot halves as the steps quadruple", () => {
  const schedule = warmUpInverseSquareRoot({ rate: 2, warmUp: 4 });
  expect([0, 3, 4, 19, 79].map(schedule)).toEqual([0.4, 1.6, 2, 1, 0.5]);
  expect(warmUpInverseSquareRoot({ rate: 1, warmUp: 0 })(3)).toBe(0.5);
  expect(() => warmUpInverseSquareRoot({ rate: 1, warmUp: -1 })).toThrow(
    "warmUpInverseSquareRoot: warmUp must be a whole number from 0 up, got -1",
  );
  expect(() => warmUpInverseSquareRoot({ rate: 0, warmUp: 1 })).toThrow("rate must be a finite number above 0, got 0");
});

test("noam is the formula of the paper, whose steps begin at 1", () => {
  const schedule = noam({ width: 512, warmUp: 4000, factor: 2 });
  for (const step of [1, 100, 3999, 4000, 4001, 100_000]) {
    const paper = 512 ** -0.5 * Math.min(step ** -0.5, step * 4000 ** -1.5);
    expect(schedule(step - 1) / (2 * paper)).toBeCloseTo(1, 13);
  }
  const plain = warmUpInverseSquareRoot({ rate: 2 / Math.sqrt(512 * 4000), warmUp: 3999 });
  for (const step of [0, 2000, 3999, 50_000]) expect(schedule(step) / plain(step)).toBeCloseTo(1, 13);
  expect(() => noam({ width: 0, warmUp: 1 })).toThrow("noam: width must be a whole number from 1 up, got 0");
  expect(() => noam({ width: 1, warmUp: 0 })).toThrow("noam: warmUp must be a whole number from 1 up, got 0");
  expect(() => noam({ width: 1, warmUp: 1, factor: -1 })).toThrow(
    "noam: factor must be a finite number above 0, got -1",
  );
});

test("warmUpStableDecay stays at the top until its decay", () => {
  const corners = { rate: 1, warmUp: 3, steps: 20, floor: 0.2, decay: 4 };
  const schedule = warmUpStableDecay(corners);
  expect([0, 2, 3, 10, 16].map(schedule)).toEqual([0.25, 0.75, 1, 1, 1]);
  [17, 18, 19, 20, 99].forEach((step, i) => expect(schedule(step)).toBeCloseTo([0.8, 0.6, 0.4, 0.2, 0.2][i]!, 14));
  const faster = warmUpStableDecay({ ...corners, shape: "squareRoot" });
  expect([16, 17, 20].map(faster)).toEqual([1, 0.6000000000000001, 0.2]);
  expect(warmUpStableDecay({ rate: 1, warmUp: 0, steps: 2, decay: 2 })(1)).toBe(0.5);
});

test("corners of warmUpStableDecay that do not fit are refused by name", () => {
  const make = (change: object) => (): unknown =>
    warmUpStableDecay({ rate: 1, warmUp: 2, steps: 10, decay: 4, ...change });
  expect(make({ decay: 9 })).toThrow(
    "warmUpStableDecay: decay must be at most 8, the steps that the warm-up leaves, got 9",
  );
  expect(make({ decay: 0 })).toThrow("warmUpStableDecay: decay must be a whole number from 1 up, got 0");
  expect(make({ shape: "cosine" })).toThrow('warmUpStableDecay: shape must be "linear" or "squareRoot", got "cosine"');
  expect(make({ warmUp: 10 })).toThrow("warmUpStableDecay: warmUp must be a whole number from 0 to 9");
});
