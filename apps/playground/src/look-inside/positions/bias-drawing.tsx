import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { DistanceBias } from "../../engine/inspection/scheme-data.ts";
import { LineChart } from "../../interface/line-chart.tsx";
import { ChartPicture } from "../drawing/chart-picture.tsx";
import { Heatmap } from "../drawing/heatmap.tsx";
import type { HeatmapData } from "../drawing/heatmap-data.ts";
import { around } from "../drawing/scale.ts";
import { fitting } from "./every.ts";

/** Lines of one chart that are told apart by their dashes. */
const mostLines = 4;

/** What is added to the scores, head by head and distance by distance. */
export function BiasDrawing({ title, bias }: { readonly title: string; readonly bias: DistanceBias }): JSX.Element {
  const { heads, distances, values } = bias;
  const n = distances.length;
  const data = useMemo(
    (): HeatmapData => ({
      title: `${title}: what is added to the scores`,
      rows: Array.from({ length: heads }, (_, head) => `head ${head}`),
      columns: distances.map((distance) =>
        distance % Math.max(1, 2 ** Math.floor(Math.log2(n / 8))) === 0 ? minus(distance) : "",
      ),
      rowsTitle: "",
      columnsTitle: "key − query",
      value: (row, column) => values[row * n + column]!,
      scale: around(
        0,
        values.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      ),
      cell: { width: fitting(n, 1).width, height: Math.max(10, Math.min(26, Math.floor(320 / heads))) },
    }),
    [bias, title],
  );
  const step = Math.max(1, (heads - 1) / (mostLines - 1));
  const shown = [...new Set(Array.from({ length: Math.min(heads, mostLines) }, (_, i) => Math.round(i * step)))];
  const lineOf = (head: number): number[] => [...values.subarray(head * n, (head + 1) * n)];
  return (
    <>
      <h3>What is added to the scores, head by head</h3>
      <Heatmap
        data={data}
        describe={({ row, column }) =>
          `Head ${row}, a key ${placeOf(distances[column]!)}: ${minus(Number(data.value(row, column)!.toPrecision(3)))}`
        }
      />
      <h3>The same by distance</h3>
      <ChartPicture title={`${title}: what is added by distance`}>
        <LineChart
          title={`${title}: what is added to the scores by distance`}
          across="key − query"
          x={distances}
          series={shown.map((head) => ({ title: `head ${head}`, values: lineOf(head) }))}
          summary={shown
            .map((head) => `Head ${head}: ${lineOf(head)[0]!.toPrecision(3)} at distance ${distances[0]}.`)
            .join(" ")}
          height={220}
        />
      </ChartPicture>
      {shown.length < heads && (
        <p class="small quiet">
          The chart has heads {shown.slice(0, -1).join(", ")} and {shown.at(-1)} of {heads}.
        </p>
      )}
    </>
  );
}

const minus = (value: number): string => String(value).replace("-", "−");

const placeOf = (distance: number): string =>
  distance === 0 ? "at the query's own place" : `${Math.abs(distance)} ${distance < 0 ? "before" : "after"} the query`;
