import { ConfigError } from "@tenon/tensor";

import { asciiDots, brailleDots, type Dots, drawLine } from "./dots.ts";
import { expectAtLeast } from "../../expect-options.ts";
import { lossSeries, type LossLine, type LossSeries, type Point } from "./loss-series.ts";
import { heldOutKey, lowestKey, trainingKey } from "./loss-summary.ts";
import { scale } from "./scale.ts";
import { stepText, ticks } from "./ticks.ts";

/** How {@link terminalLossChart} looks. */
export interface TerminalLossChartOptions {
  /** Characters in a line, from 40 up: the width of the terminal. Default 80. */
  readonly width?: number | undefined;
  /** Lines for the curves, from 4 up; axis and legend take three to five more. Default 12. */
  readonly height?: number | undefined;
  /** How many lines the training loss is averaged over, 1 for none. Default: half the square root of their number. */
  readonly smoothing?: number | undefined;
  /** `ascii` for a terminal that has no Braille. Default `braille`. */
  readonly characters?: "braille" | "ascii" | undefined;
}

/** What lines are drawn with. */
interface Style {
  readonly dots: (columns: number, rows: number) => Dots;
  readonly training: string;
  readonly heldOut: string;
  readonly tick: string;
  readonly wall: string;
  readonly corner: string;
  readonly floor: string;
  readonly mark: string;
}

const styles: Readonly<Record<"braille" | "ascii", Style>> = {
  braille: {
    dots: brailleDots,
    training: "⠒⠒",
    heldOut: "●",
    tick: "┤",
    wall: "│",
    corner: "└",
    floor: "─",
    mark: "┬",
  },
  ascii: { dots: asciiDots, training: "**", heldOut: "o", tick: "+", wall: "|", corner: "+", floor: "-", mark: "+" },
};

/**
 * The losses of a run as lines of text: the smoothed training loss as a line of dots, the held-out loss as marks. No line is longer than
 * `width`, and none ends in a space. Losses that are not finite are left out.
 *
 *     4 ┤⠱⡀
 *       │ ⠑⢄
 *       │   ⠱⢄⣀                        ●         ●
 *     2 ┤     ⠈⠉⠒⠒⠢●⠤⠤⠤⢄⣀⣀⣀⣀⣀●⣀⣀⡀ ⣀
 *       │                       ⠈⠉ ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
 *     0 ┤
 *       └────────────────────┬───────────────────┬
 *                           50                 100
 *     ⠒⠒ training 1.193 (smoothed)
 *     ● held out 2.164  (lowest 1.778 at step 50)
 *
 * Throws `ConfigError` when no line has a loss, and for a size that nothing fits into.
 *
 * @example
 * ```ts
 * const lines = Array.from({ length: 100 }, (_, i) => ({ step: i + 1, loss: 1 + 3 / (1 + i / 8) }));
 * const chart = terminalLossChart(lines, { width: 40, height: 6, characters: "ascii" });
 * console.log(chart.split("\n").at(-1)); // ** training 1.229 (smoothed)
 * ```
 */
export function terminalLossChart(lines: readonly LossLine[], options: TerminalLossChartOptions = {}): string {
  const { width = 80, height = 12, smoothing, characters = "braille" } = options;
  expectAtLeast("terminalLossChart", "width", width, 40);
  expectAtLeast("terminalLossChart", "height", height, 4);
  if (!Object.hasOwn(styles, characters)) {
    throw new ConfigError(`terminalLossChart: characters must be "braille" or "ascii", got "${characters}"`, {
      characters,
    });
  }
  const style = styles[characters];
  const series = lossSeries("terminalLossChart", lines, smoothing);
  const losses = ticks(series.losses, Math.max(2, Math.round(height / 3)), { around: true });
  const margin = Math.max(...losses.labels.map((label) => label.length)) + 1;
  const columns = width - margin - 1;
  const range = [losses.values[0]!, losses.values.at(-1)!] as const;

  const rows = draw(series, range, style, columns, height);
  const rowOf = scale(range, [height - 1, 0]);
  const labelAt = new Map(losses.values.map((value, i) => [Math.round(rowOf(value)), losses.labels[i]!]));
  const text = rows.map((row, i) => {
    const label = labelAt.get(i);
    return `${(label ?? "").padStart(margin - 1)} ${label === undefined ? style.wall : style.tick}${row}`;
  });
  const indent = " ".repeat(margin);
  const floor = stepAxis(series, style, columns).map((line, i) => `${indent}${i === 0 ? style.corner : " "}${line}`);
  return [...text, ...floor, ...legend(series, style, width)].map((line) => line.trimEnd()).join("\n");
}

function draw(
  series: LossSeries,
  range: readonly [number, number],
  style: Style,
  columns: number,
  height: number,
): string[] {
  const dots = style.dots(columns, height);
  const [x, y] = [scale(series.steps, [0, dots.across - 1]), scale(range, [dots.down - 1, 0])];
  const place = (point: Point): [number, number] => [Math.round(x(point.x)), Math.round(y(point.y))];
  series.smoothed.forEach((point, i) => drawLine(dots, place(series.smoothed[i - 1] ?? point), place(point)));

  const cells = Array.from({ length: height }, (_, row) =>
    Array.from({ length: columns }, (_, column) => dots.character(column, row)),
  );
  for (const point of spread(series.heldOut, Math.floor(columns / 4))) {
    const [across, down] = place(point);
    cells[Math.floor((down * height) / dots.down)]![Math.floor((across * columns) / dots.across)] = style.heldOut;
  }
  return cells.map((row) => row.join(""));
}

/** At most `count` points, the last among them: marks side by side would hide the line. */
function spread(points: readonly Point[], count: number): Point[] {
  const stride = Math.ceil(points.length / count);
  return points.filter((_, i) => (points.length - 1 - i) % stride === 0);
}

/** A line with marks, and below it the steps, as many as fit. */
function stepAxis({ steps }: LossSeries, { floor, mark }: Style, columns: number): [string, string] {
  const { values } = ticks(steps, Math.max(3, Math.floor(columns / 14)), { least: 1 });
  const x = scale(steps, [0, columns - 1]);
  const line = Array<string>(columns).fill(floor);
  let labels = "";
  for (const value of values) {
    const [at, label] = [Math.round(x(value)), stepText(value)];
    const start = Math.min(Math.max(0, at - Math.floor(label.length / 2)), columns - label.length);
    if (start < labels.length + (labels === "" ? 0 : 2)) continue;
    line[at] = mark;
    labels = labels.padEnd(start) + label;
  }
  return [line.join(""), labels];
}

/** What the curves are called, in as many lines as it takes. */
function legend(series: LossSeries, { training, heldOut }: Style, width: number): string[] {
  const keys: string[] = [];
  if (series.smoothed.length > 0) keys.push(`${training} ${trainingKey(series)}`);
  if (series.heldOut.length > 0) keys.push(`${heldOut} ${heldOutKey(series)}`);
  const lines: string[] = [];
  for (const key of [...keys, lowestKey(series)].filter((each) => each !== undefined)) {
    const longer = lines.length === 0 ? key : `${lines.at(-1)}  ${key}`;
    if (longer.length <= width) lines.splice(-1, 1, longer);
    else lines.push(key);
  }
  return lines;
}
