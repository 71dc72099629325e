import { expect, test } from "vitest";
import { exponentialAnnealing, linearAnnealing } from "./annealing.ts";

test("exponential: max(floor, start · e^(−rate · step)), with Jang's start and floor unless said", () => {
  const plain = exponentialAnnealing({ rate: 0.01 });
  expect([0, 1, 50, 69, 70, 1e9].map(plain)).toEqual([
    1,
    Math.exp(-0.01),
    Math.exp(-0.5),
    Math.exp(-0.01 * 69),
    0.5,
    0.5,
  ]);
  const other = exponentialAnnealing({ rate: 0.1, start: 3, floor: 0.2 });
  expect(other(10)).toBeCloseTo(3 / Math.E, 12);
  expect(other(1000)).toBe(0.2);
  expect(exponentialAnnealing({ rate: 0.1, start: undefined, floor: undefined, every: undefined })(1)).toBe(
    Math.exp(-0.1),
  );
});

test("exponential: with every it changes at multiples only", () => {
  const stairs = exponentialAnnealing({ rate: 0.01, every: 10 });
  expect([0, 9, 10, 19, 20].map(stairs)).toEqual([1, 1, Math.exp(-0.1), Math.exp(-0.1), Math.exp(-0.2)]);
});

test("linear: a straight line that ends, downwards or upwards", () => {
  expect([0, 1, 2, 3, 4, 5, 99].map(linearAnnealing({ start: 2, end: 1, steps: 4 }))).toEqual([
    2, 1.75, 1.5, 1.25, 1, 1, 1,
  ]);
  expect([0, 1, 2].map(linearAnnealing({ start: 1, end: 3, steps: 2 }))).toEqual([1, 2, 3]);
});

test.each([
  [{}, "exponentialAnnealing(): rate is a number above 0, got undefined"],
  [{ rate: 0 }, "exponentialAnnealing(): rate is a number above 0, got 0"],
  [{ rate: 1, start: -1 }, "exponentialAnnealing(): start is a number above 0, got -1"],
  [{ rate: 1, floor: 0 }, "exponentialAnnealing(): floor is a number above 0, got 0"],
  [{ rate: 1, start: 0.4 }, "exponentialAnnealing(): the floor 0.5 is above the start 0.4, so nothing would fall"],
  [{ rate: 1, every: 0 }, "exponentialAnnealing(): every is a whole number of steps, at least 1, got 0"],
  [{ rate: 1, end: 2 }, 'exponentialAnnealing() has no option "end". It has rate, start, floor, every.'],
])("exponential of %o is refused", (options, message) => {
  expect(() => exponentialAnnealing(options as never)).toThrow(message);
});

test.each([
  [{ end: 1, steps: 2 }, "linearAnnealing(): start is a number above 0, got undefined"],
  [{ start: 1, end: 0, steps: 2 }, "linearAnnealing(): end is a number above 0, got 0"],
  [{ start: Infinity, end: 1, steps: 2 }, "linearAnnealing(): start is a number above 0, got Infinity"],
  [{ start: 2, end: 1, steps: 0.5 }, "linearAnnealing(): steps is a whole number of at least 1, got 0.5"],
  [{ start: 2, end: 1, steps: 5, rate: 1 }, 'linearAnnealing() has no option "rate". It has start, end, steps.'],
])("linear of %o is refused", (options, message) => {
  expect(() => linearAnnealing(options as never)).toThrow(message);
});

test.each([-1, 0.5, NaN])("step %s is refused", (step) => {
  expect(() => exponentialAnnealing({ rate: 1 })(step)).toThrow(
    `exponentialAnnealing(): a step is a whole number, from 0 on, got ${step}`,
  );
  expect(() => linearAnnealing({ start: 2, end: 1, steps: 5 })(step)).toThrow(
    `linearAnnealing(): a step is a whole number, from 0 on, got ${step}`,
  );
});
