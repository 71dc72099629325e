import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { EmbeddedPositions } from "../../engine/inspection/scheme-data.ts";
import { LineChart } from "../../interface/line-chart.tsx";
import { ChartPicture } from "../drawing/chart-picture.tsx";
import { Heatmap } from "../drawing/heatmap.tsx";
import type { HeatmapData } from "../drawing/heatmap-data.ts";
import { around } from "../drawing/scale.ts";
import { every, fitting } from "./every.ts";

/** The vectors of the positions, and how alike those of two positions are. */
export function VectorDrawings({
  title,
  vectors: { table, width, similarity },
  length,
}: {
  readonly title: string;
  readonly vectors: EmbeddedPositions;
  readonly length: number;
}): JSX.Element {
  const step = Math.max(1, length / 16);
  const drawn = useMemo(
    (): HeatmapData => ({
      title: `${title}: the vector of each position`,
      rows: every(step, length),
      columns: every(Math.max(1, 2 ** Math.ceil(Math.log2(width / 8))), width),
      rowsTitle: "position",
      columnsTitle: "element of the vector",
      value: (row, column) => table[row * width + column]!,
      scale: around(
        0,
        table.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      ),
      cell: fitting(width, length),
    }),
    [table],
  );
  const alike = useMemo(
    (): HeatmapData => ({
      title: `${title}: how alike two positions are (cosine)`,
      rows: every(step, length),
      columns: every(step, length),
      rowsTitle: "position",
      columnsTitle: "position",
      value: (row, column) => similarity[row * length + column]!,
      scale: around(0, 1),
      cell: fitting(length, length, 420, 420),
    }),
    [similarity],
  );
  const means = useMemo(() => meanByDistance(similarity, length), [similarity]);
  return (
    <>
      <h3>The vector of each position</h3>
      <Heatmap
        data={drawn}
        describe={({ row, column }) => `Position ${row}, element ${column}: ${drawn.value(row, column)!.toFixed(3)}`}
      />
      <h3>How alike two positions are</h3>
      <Heatmap
        data={alike}
        describe={({ row, column }) => `Positions ${row} and ${column}: ${alike.value(row, column)!.toFixed(3)}`}
      />
      <h3>Likeness by distance: mean cosine</h3>
      <ChartPicture title={`${title}: likeness by distance`}>
        <LineChart
          title={`${title}: mean cosine of two positions by distance`}
          across="distance"
          x={means.map((_, distance) => distance)}
          series={[{ title: "mean cosine", values: means }]}
          summary={`The mean cosine is ${means[0]!.toFixed(2)} at distance 0 and ${means.at(-1)!.toFixed(2)} at distance ${length - 1}.`}
          height={200}
        />
      </ChartPicture>
    </>
  );
}

function meanByDistance(similarity: Float32Array, length: number): number[] {
  return Array.from({ length }, (_, distance) => {
    let sum = 0;
    for (let row = distance; row < length; row++) sum += similarity[row * length + row - distance]!;
    return sum / (length - distance);
  });
}
