import { isTenonError } from "@tenon/tensor";
import { expect, test } from "vitest";

import type { TrainingStep } from "../training-step.ts";
import { parseMetrics, upToStep } from "./metrics-file.ts";
import { formatMetrics, type MetricsLine } from "./metrics-line.ts";

const step = (n: number): TrainingStep => ({ step: n, loss: 4 / n, rate: 1e-3, gradientNorm: 2, tokensPerSecond: 5e3 });
const lines: readonly MetricsLine[] = [
  { ...step(1), seconds: 0.25 },
  { ...step(2), heldOutLoss: 1.5, seconds: 0.5 },
  { step: 2, bleu: 31.4, "name with \n and \u2028": -0.5 },
  { ...step(5) },
  { step: 6, pearson: Number.NaN, loss: Infinity, least: -Infinity },
];
const file = lines.map(formatMetrics).join("");

test("what is written is read back, one line each", () => {
  expect(file.split("\n").length).toBe(lines.length + 1);
  expect(parseMetrics(file)).toEqual(lines);
  expect(formatMetrics(lines[4]!)).toBe('{"step":6,"pearson":"NaN","loss":"Infinity","least":"-Infinity"}\n');
  expect(formatMetrics({ loss: 1, step: 0, rate: undefined })).toBe('{"step":0,"loss":1}\n');
  expect(parseMetrics(`\r\n${file.replaceAll("\n", "\r\n\r\n")}`)).toEqual(lines);
  expect(parseMetrics("")).toEqual([]);
});

test("cut anywhere, a file loses at most its last line", () => {
  for (let length = 0; length <= file.length; length++) {
    const cut = file.slice(0, length);
    const whole = lines.filter(
      (_, i) =>
        lines
          .slice(0, i + 1)
          .map(formatMetrics)
          .join("").length -
          1 <=
        length,
    );
    expect(parseMetrics(cut)).toEqual(whole);
    expect(upToStep(cut, 9)).toBe(whole.map(formatMetrics).join(""));
  }
});

test("upToStep keeps what was measured up to a step and does not look further", () => {
  const upTo = (count: number): string => lines.slice(0, count).map(formatMetrics).join("");
  expect([0, 1, 2, 3, 4, 5, 6, 1e9].map((n) => upToStep(file, n))).toEqual([0, 1, 3, 3, 3, 4, 5, 5].map(upTo));
  expect(upToStep(`${upTo(4)}damage\n`, 4)).toBe(upTo(3));
  expect(upToStep(`${upTo(4)}${upTo(1)}`, 4)).toBe(upTo(3));
});

test("damage in the middle is one error with the number of its line", () => {
  const damaged = `${formatMetrics(step(1))}\n{"step":2,"los\n${formatMetrics(step(3))}`;
  const message = `line 3 of the metrics is damaged: expected a JSON object of numbers with a whole "step", got {"step":2,"los. Remove the line, or all from there on.`;
  expect(() => parseMetrics(damaged)).toThrow(`parseMetrics: ${message}`);
  expect(() => upToStep(damaged, 3)).toThrow(`upToStep: ${message}`);
  try {
    parseMetrics(damaged);
  } catch (error) {
    expect(isTenonError(error, "ConfigError") && error.fields).toEqual({ line: 3 });
  }
});

test.each([
  "[]",
  "null",
  "7",
  '{"loss":1}',
  '{"step":1.5}',
  '{"step":-1}',
  '{"step":1,"loss":"low"}',
  '{"step":1,"loss":null}',
])("%s is no line of metrics, be it the last one", (text) => {
  expect(() => parseMetrics(text)).toThrow("line 1 of the metrics is damaged");
});

test("steps that go back are refused", () => {
  expect(() => parseMetrics(`${file}${formatMetrics(step(3))}`)).toThrow(
    "parseMetrics: line 6 of the metrics is of step 3, but the one before of step 6. Are these two runs in one file? Cut it with upToStep before a run goes on.",
  );
});

test("what is no line is not written", () => {
  expect(() => formatMetrics({ step: 0.5 })).toThrow("formatMetrics: step must be a whole number from 0 up, got 0.5");
  expect(() => formatMetrics({ step: 1, loss: "1" } as unknown as MetricsLine)).toThrow(
    'formatMetrics: the metric "loss" must be a number, got string',
  );
});
