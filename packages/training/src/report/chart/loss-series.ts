import { expectSize } from "@tenon/nn";
import { ConfigError } from "@tenon/tensor";

import { exponentialMean } from "./exponential-mean.ts";

/**
 * What a chart of losses reads of a line: a `MetricsLine` or a `TrainingStep` will do.
 *
 * @example
 * ```ts
 * const lines: LossLine[] = [{ step: 1, loss: 4.2 }, { step: 2, loss: 3.9, heldOutLoss: 4 }];
 * console.log(lossChart(lines).startsWith("<svg")); // true
 * ```
 */
export interface LossLine {
  readonly step: number;
  readonly loss?: number | undefined;
  readonly heldOutLoss?: number | undefined;
}

/** A loss at a step. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a chart shows. */
export interface LossSeries {
  readonly training: readonly Point[];
  /** The training loss averaged over about `over` lines; the same where that is 1. */
  readonly smoothed: readonly Point[];
  readonly over: number;
  readonly heldOut: readonly Point[];
  /** From the first step to the last. */
  readonly steps: readonly [first: number, last: number];
  /** From the lowest loss to the highest. */
  readonly losses: readonly [least: number, most: number];
}

/**
 * The losses of a run, in their order. What is not finite is left out. `smoothing` is the number of lines that the training loss is
 * averaged over, by default half the square root of their number. Throws `ConfigError` when there is nothing to show.
 */
export function lossSeries(caller: string, lines: readonly LossLine[], smoothing?: number): LossSeries {
  if (smoothing !== undefined) expectSize(caller, "smoothing", smoothing);
  const training = points(lines, (line) => line.loss);
  const heldOut = points(lines, (line) => line.heldOutLoss);
  const all = [...training, ...heldOut];
  if (all.length === 0) {
    throw new ConfigError(
      `${caller}: there is no loss to show: none of the ${lines.length} lines has a finite loss or heldOutLoss`,
      { lines: lines.length },
    );
  }
  // Few enough not to lag where the loss falls steeply, many enough to lie still where it is flat.
  const over = smoothing ?? Math.max(1, Math.round(Math.sqrt(training.length) / 2));
  const means = exponentialMean(
    training.map(({ y }) => y),
    over,
  );
  return {
    training,
    smoothed: training.map(({ x }, i) => ({ x, y: means[i]! })),
    over,
    heldOut,
    steps: extent(all.map(({ x }) => x)),
    losses: extent(all.map(({ y }) => y)),
  };
}

/** The held-out loss that was lowest, the first of equals. */
export function lowest(points: readonly Point[]): Point | undefined {
  return points.length === 0 ? undefined : points.reduce((best, each) => (each.y < best.y ? each : best));
}

function points(lines: readonly LossLine[], lossOf: (line: LossLine) => number | undefined): Point[] {
  return lines.flatMap((line) => {
    const y = lossOf(line);
    return y !== undefined && Number.isFinite(y) ? [{ x: line.step, y }] : [];
  });
}

function extent(values: readonly number[]): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}
