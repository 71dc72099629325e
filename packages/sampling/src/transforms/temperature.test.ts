import { expect, test } from "vitest";
import { temperature } from "./temperature.ts";

const context = { ids: [] };

test("temperature divides the logits and leaves its input alone", () => {
  const logits = Float32Array.of(1, -2, 3);
  expect(temperature(0.5).apply(logits, context)).toEqual(Float32Array.of(2, -4, 6));
  expect(temperature(2).apply(logits, context)).toEqual(Float32Array.of(0.5, -1, 1.5));
  expect(temperature(1).apply(logits, context)).toEqual(logits);
  expect(temperature(1).apply(logits, context)).not.toBe(logits);
  expect(logits).toEqual(Float32Array.of(1, -2, 3));
});

test("an excluded token stays excluded", () => {
  expect(temperature(3).apply(Float32Array.of(-Infinity, 3), context)).toEqual(Float32Array.of(-Infinity, 1));
});

test("temperature 0 is refused with the remedy", () => {
  expect(() => temperature(0)).toThrow(
    "temperature(0) would divide by zero. For the most probable token at every step, use greedy() as the strategy.",
  );
});

test.each([-1, Number.NaN, Infinity, -Infinity, "1" as never, undefined as never])(
  "temperature(%s) is refused",
  (t) => {
    expect(() => temperature(t)).toThrow(`temperature(t) needs a finite number t > 0, got ${t}`);
  },
);

test("a temperature so small that a logit overflows is refused rather than turned into exclusion", () => {
  for (const logit of [5, -5]) {
    expect(() => temperature(1e-40).apply(Float32Array.of(logit, 0), context)).toThrow(
      `temperature(1e-40) takes the logit ${logit} out of the range of float32.`,
    );
  }
});
