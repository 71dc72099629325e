import { ConfigError } from "@tenon/tensor";

import type { TrainingStep } from "../training-step.ts";

/**
 * One line of a metrics file: what was measured at a step, by name. A `TrainingStep` with a clock beside it is one, and any other metric
 * (`bleu`, `accuracy`) may stand in it too.
 *
 * @example
 * ```ts
 * const line: MetricsLine = { step: 1000, heldOutLoss: 1.62, bleu: 31.4 };
 * console.log(formatMetrics(line)); // {"step":1000,"heldOutLoss":1.62,"bleu":31.4}
 * ```
 */
export interface MetricsLine {
  /** Steps done when it was measured. */
  readonly step: number;
  readonly loss?: number | undefined;
  readonly rate?: number | undefined;
  readonly gradientNorm?: number | undefined;
  readonly tokensPerSecond?: number | undefined;
  readonly heldOutLoss?: number | undefined;
  /** Since the run began, pauses left out. */
  readonly seconds?: number | undefined;
  readonly [metric: string]: number | undefined;
}

/** JSON has no words for these; protocol buffers write them so. */
const words: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/**
 * A line of JSON with a line break at its end, ready to be appended to a metrics file. Numbers that JSON lacks become the strings "NaN",
 * "Infinity" and "-Infinity", which `parseMetrics` reads back.
 *
 * Throws `ConfigError` when the step is no whole number from 0 up, and for a metric that is no number.
 *
 * @example
 * ```ts
 * const step: TrainingStep = { step: 1, loss: 4.17, rate: 0.001, gradientNorm: 2.3, tokensPerSecond: 5000 };
 * console.log(formatMetrics({ ...step, seconds: 0.2 }));
 * // {"step":1,"loss":4.17,"rate":0.001,"gradientNorm":2.3,"tokensPerSecond":5000,"seconds":0.2}
 * ```
 */
export function formatMetrics(line: MetricsLine | TrainingStep): string {
  const { step, ...metrics } = line;
  if (!isStep(step)) {
    throw new ConfigError(`formatMetrics: step must be a whole number from 0 up, got ${step}`, { step });
  }
  for (const [name, value] of Object.entries(metrics)) {
    if (value === undefined || typeof value === "number") continue;
    throw new ConfigError(`formatMetrics: the metric "${name}" must be a number, got ${typeof value}`, { name, step });
  }
  const printed = (_: string, value: unknown): unknown =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
  return `${JSON.stringify({ step, ...metrics }, printed)}\n`;
}

/** What a line of JSON says; undefined where it is no line of metrics. Throws `SyntaxError` where it is no JSON. */
export function parseLine(text: string): MetricsLine | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return undefined;
  const metrics = Object.entries(value).map(
    ([name, each]: [string, unknown]) => [name, words.get(each) ?? each] as const,
  );
  const line = Object.fromEntries(metrics) as unknown as MetricsLine;
  return isStep(line.step) && metrics.every(([, each]) => typeof each === "number") ? line : undefined;
}

const isStep = (step: unknown): boolean => Number.isSafeInteger(step) && (step as number) >= 0;
