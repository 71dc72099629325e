import { expectAtLeast } from "../../expect-options.ts";
import { lossSeries, type LossLine, type LossSeries, type Point } from "./loss-series.ts";
import { heldOutKey, inWords, lowestKey, trainingKey } from "./loss-summary.ts";
import { scale } from "./scale.ts";
import { pixels, svgPath } from "./svg-path.ts";
import { svgStyle } from "./svg-style.ts";
import { svgText } from "./svg-text.ts";
import { stepText, type Ticks, ticks } from "./ticks.ts";

/** How {@link lossChart} looks. */
export interface LossChartOptions {
  /** Default "Training". */
  readonly title?: string | undefined;
  /** In pixels, from 360 up. Default 720. */
  readonly width?: number | undefined;
  /** In pixels, from 160 up. Default 400. */
  readonly height?: number | undefined;
  /** How many lines the training loss is averaged over, 1 for none. Default: half the square root of their number. */
  readonly smoothing?: number | undefined;
}

/**
 * The losses of a run as the text of an SVG image: the training loss smoothed (an exponential mean) with the raw one behind it, and the
 * held-out loss with a dot for each evaluation. It follows the reader's light or dark theme, and says in words what it shows to those who do
 * not see it. Losses that are not finite are left out.
 *
 * Throws `ConfigError` when no line has a loss, and for a size that nothing fits into.
 *
 * @example
 * ```ts
 * const lines = Array.from({ length: 200 }, (_, i) => ({ step: i + 1, loss: 1 + 3 / (1 + i / 20) }));
 * const svg = lossChart([...lines, { step: 200, heldOutLoss: 1.4 }], { title: "Stories, 2 layers" });
 * console.log(svg.match(/<title>.*?<.title>/)![0]); // <title>Stories, 2 layers</title>
 * ```
 */
export function lossChart(lines: readonly LossLine[], options: LossChartOptions = {}): string {
  const { title = "Training", width = 720, height = 400, smoothing } = options;
  expectAtLeast("lossChart", "width", width, 360);
  expectAtLeast("lossChart", "height", height, 160);
  const series = lossSeries("lossChart", lines, smoothing);
  const keys = legend(series, width);
  const top = 28 + 20 * keys.rows + 24;
  const losses = ticks(series.losses, Math.round((height - top - 48) / 48), { around: true });
  const left = 44 + 7 * Math.max(3, ...losses.labels.map((label) => label.length));
  const box: Box = { left, right: width - 34, top, bottom: height - 48 };
  const x = scale(series.steps, [box.left, box.right]);
  const y = scale([losses.values[0]!, losses.values.at(-1)!], [box.bottom, box.top]);
  const place = (point: Point): Point => ({ x: x(point.x), y: y(point.y) });

  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="tenon-loss" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${svgText(title)}</title>`,
    `<desc>${svgText(inWords(series))}</desc>`,
    `<style>${svgStyle}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="title" x="20" y="30">${svgText(title)}</text>`,
    ...keys.parts,
    ...lossAxis(losses, box, y),
    ...stepAxis(series, box, x),
    ...curves(series, place),
    "</svg>",
    "",
  ].join("\n");
}

/** Where the curves are, in pixels. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What the curves are called, side by side, or one below the other where the chart is too narrow. */
function legend(series: LossSeries, width: number): { parts: string[]; rows: number } {
  const keys: { name: string; text: string; dot: boolean }[] = [];
  if (series.smoothed.length > 0) keys.push({ name: "smoothed", text: trainingKey(series), dot: false });
  if (series.heldOut.length > 0) {
    keys.push({ name: "held-out", text: [heldOutKey(series), lowestKey(series)].join(" ").trimEnd(), dot: true });
  }
  // Nothing can be measured without a browser. Letters of this size are about as wide as this.
  const widths = keys.map(({ text }) => 25 + 6.5 * text.length + 20);
  const beside = widths.reduce((sum, each) => sum + each, 20) <= width;
  const parts = keys.flatMap(({ name, text, dot }, i) => {
    const x = beside && i > 0 ? 20 + widths[0]! : 20;
    const y = beside ? 48 : 48 + 20 * i;
    return [
      `<path class="${name}" d="M${x} ${y}h18"/>`,
      ...(dot ? [`<circle class="dot" cx="${x + 9}" cy="${y}" r="3.5"/>`] : []),
      `<text class="key" x="${x + 25}" y="${y + 4}">${text}</text>`,
    ];
  });
  return { parts, rows: beside ? 1 : keys.length };
}

function lossAxis({ values, labels }: Ticks, { left, right, top, bottom }: Box, y: (loss: number) => number): string[] {
  const lines = values.flatMap((value, i) => {
    const at = pixels(y(value));
    const line = i === 0 ? "axis" : "grid";
    return [
      `<path class="${line}" d="M${left} ${at}H${right}"/>`,
      `<text x="${left - 8}" y="${pixels(y(value) + 4)}" text-anchor="end">${labels[i]}</text>`,
    ];
  });
  const middle = pixels((top + bottom) / 2);
  return [...lines, `<text transform="translate(22 ${middle}) rotate(-90)" text-anchor="middle">loss</text>`];
}

function stepAxis({ steps }: LossSeries, { left, right, bottom }: Box, x: (step: number) => number): string[] {
  const { values } = ticks(steps, Math.floor((right - left) / 90), { least: 1 });
  return [
    ...values.flatMap((value) => [
      `<path class="axis" d="M${pixels(x(value))} ${bottom}v5"/>`,
      `<text x="${pixels(x(value))}" y="${bottom + 19}" text-anchor="middle">${stepText(value)}</text>`,
    ]),
    `<text x="${pixels((left + right) / 2)}" y="${bottom + 38}" text-anchor="middle">step</text>`,
  ];
}

function curves({ training, smoothed, over, heldOut }: LossSeries, place: (point: Point) => Point): string[] {
  const path = (name: string, points: readonly Point[]): string =>
    `<path class="${name}" d="${svgPath(points.map(place))}"/>`;
  const parts: string[] = [];
  if (over > 1) parts.push(path("raw", training));
  if (training.length > 0) parts.push(path("smoothed", smoothed));
  if (heldOut.length > 0) parts.push(path("held-out", heldOut));
  // More would be a chain of beads.
  const dots = heldOut.length <= 50 ? heldOut : heldOut.slice(-1);
  for (const dot of dots.map(place)) {
    parts.push(`<circle class="dot" cx="${pixels(dot.x)}" cy="${pixels(dot.y)}" r="3.5"/>`);
  }
  return parts;
}
