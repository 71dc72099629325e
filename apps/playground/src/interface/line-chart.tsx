import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";

/** One line of a chart. A value that is not there yet is null. */
export interface Series {
  readonly title: string;
  readonly values: readonly (number | null)[];
}

/** Lines over numbers that rise: losses over steps, say. The last values are said to screen readers by `summary`. */
export function LineChart({
  title,
  across,
  x,
  series,
  summary,
  height = 260,
}: {
  readonly title: string;
  /** What the horizontal axis counts. */
  readonly across: string;
  readonly x: readonly number[];
  readonly series: readonly Series[];
  readonly summary: string;
  readonly height?: number;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>();
  const data = [x, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;
  const titles = series.map((each) => each.title).join("\n");
  const [undrawn, setUndrawn] = useState<string | undefined>();

  useEffect(() => {
    const at = place.current!;
    let gone = false;
    let observer: ResizeObserver | undefined;
    let make: () => void = () => undefined;
    const draw = async (): Promise<void> => {
      const [{ default: UPlot }] = await Promise.all([import("uplot"), import("uplot/dist/uPlot.min.css")]);
      if (gone) return;
      make = () => {
        chart.current?.destroy();
        chart.current = new UPlot(optionsOf(titles.split("\n"), across, at.clientWidth, height), latest.current, at);
      };
      make();
      // In the next frame: a chart that changes the page while its size is told would be told again at once.
      const fit = (): void => {
        if (!gone && chart.current!.width !== at.clientWidth) chart.current!.setSize({ width: at.clientWidth, height });
      };
      observer = new ResizeObserver(() => requestAnimationFrame(fit));
      observer.observe(at);
    };
    // uPlot does not load where the browser names a locale that is none, as Chromium does under LANG=C.
    draw().catch((error: unknown) => gone || setUndrawn(error instanceof Error ? error.message : String(error)));
    // Lines and their legend have the colours of the theme in which they were made.
    const remake = (): void => make();
    const themes = new MutationObserver(remake);
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", remake);
    return () => {
      gone = true;
      observer?.disconnect();
      themes.disconnect();
      dark.removeEventListener("change", remake);
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [titles, across, height]);

  useEffect(() => chart.current?.setData(data));

  return (
    <figure class="chart" aria-label={title}>
      <div ref={place} style={{ minHeight: undrawn === undefined ? `${height}px` : undefined }} aria-hidden="true" />
      {undrawn !== undefined && <p class="quiet">This browser does not draw the chart: {undrawn}.</p>}
      <figcaption class={undrawn === undefined ? "for-screen-readers" : undefined}>{summary}</figcaption>
    </figure>
  );
}

/** From one mark to the next of what is counted: there is no step 1.2. */
const whole = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((one) => [one, 2 * one, 5 * one]);

const dashes = [[], [6, 4], [2, 3], [10, 4, 2, 4]];

function optionsOf(titles: readonly string[], across: string, width: number, height: number): uPlot.Options {
  const axis = {
    stroke: resolved("--quiet"),
    grid: { stroke: resolved("--edge"), width: 1 },
    ticks: { stroke: resolved("--edge"), width: 1 },
  };
  return {
    width,
    height,
    scales: { x: { time: false } },
    axes: [{ ...axis, label: across, incrs: whole }, axis],
    series: [
      { label: across },
      ...titles.map((label, i) => ({
        label,
        stroke: resolved(`--series-${(i % 4) + 1}`),
        dash: dashes[i % 4]!,
        width: 2,
        spanGaps: true,
        points: { show: false },
      })),
    ],
  };
}

/** A colour of styles/tokens.css as the theme has it now: a canvas knows no custom properties. */
const resolved = (name: string) => (): string => {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
};
