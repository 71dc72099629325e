import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { RotationDrawing } from "../../engine/inspection/scheme-data.ts";
import { LineChart } from "../../interface/line-chart.tsx";
import { ChartPicture } from "../drawing/chart-picture.tsx";
import { Heatmap } from "../drawing/heatmap.tsx";
import type { HeatmapData } from "../drawing/heatmap-data.ts";
import { around } from "../drawing/scale.ts";
import { every, fitting } from "./every.ts";

/** How pairs turn: the angle at each position, what that does to scores, and how many positions a turn takes. */
export function RotationDrawings({
  title,
  rotation,
  length,
}: {
  readonly title: string;
  readonly rotation: RotationDrawing;
  readonly length: number;
}): JSX.Element {
  const { frequencies, cosines, scores, attentionFactor } = rotation;
  const pairs = frequencies.length;
  const data = useMemo(
    (): HeatmapData => ({
      title: `${title}: cosine of each pair's angle`,
      rows: every(Math.max(1, length / 16), length),
      columns: every(Math.max(1, 2 ** Math.ceil(Math.log2(pairs / 16))), pairs),
      rowsTitle: "position",
      columnsTitle: "pair of elements",
      value: (row, column) => cosines[row * pairs + column]!,
      scale: around(0, 1),
      cell: fitting(pairs, length),
    }),
    [rotation, title],
  );
  const turns = frequencies.map((frequency) => Math.log10((2 * Math.PI) / frequency));
  return (
    <>
      <h3>Cosine of each pair's angle</h3>
      <Heatmap
        data={data}
        describe={({ row, column }) =>
          `Position ${row}, pair ${column}: turned by ${(row * frequencies[column]!).toFixed(2)} radians, cosine ${data.value(row, column)!.toFixed(3)}`
        }
      />
      <h3>Score of a query and a key of ones by distance</h3>
      <ChartPicture title={`${title}: score by distance`}>
        <LineChart
          title={`${title}: score of a query and a key of ones by distance, as a share of that at distance 0`}
          across="distance"
          x={Array.from(scores, (_, distance) => distance)}
          series={[{ title: "score of ones", values: [...scores] }]}
          summary={`The score of ones falls from 1 at distance 0 to ${scores.at(-1)!.toFixed(2)} at distance ${length - 1}.`}
          height={200}
        />
      </ChartPicture>
      <h3>How many positions a whole turn takes, as a power of ten</h3>
      <ChartPicture title={`${title}: positions that a turn takes`}>
        <LineChart
          title={`${title}: how many positions a whole turn of each pair takes, as a power of 10`}
          across="pair"
          x={frequencies.map((_, pair) => pair)}
          series={[{ title: "log₁₀ of positions per turn", values: turns }]}
          summary={`The first pair turns once in ${(10 ** turns[0]!).toFixed(1)} positions, the last in ${Math.round(10 ** turns.at(-1)!)}.`}
          height={200}
        />
      </ChartPicture>
      {attentionFactor !== 1 && (
        <p class="small quiet">Queries and keys are also multiplied by {attentionFactor.toFixed(3)}.</p>
      )}
    </>
  );
}
