import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { StreamNorms } from "../../engine/inspection/stream-data.ts";
import type { Sequence } from "../../engine/inspection/subject-data.ts";
import { Heatmap } from "../drawing/heatmap.tsx";
import type { HeatmapData } from "../drawing/heatmap-data.ts";
import { rising } from "../drawing/scale.ts";
import { labelsOf } from "../shown.ts";

/** The length of the stream at every place and token. */
export function StreamMap({
  of,
  side,
  sequence,
}: {
  readonly of: string;
  readonly side: StreamNorms;
  readonly sequence: Sequence;
}): JSX.Element {
  const labels = labelsOf(sequence);
  const { places, norms } = side;
  const data = useMemo(
    (): HeatmapData => ({
      title: `Length of the stream${of}, token by token`,
      rows: places.map(({ title }) => title),
      columns: labels,
      rowsTitle: "place",
      columnsTitle: "token",
      value: (row, column) => norms[row * labels.length + column]!,
      scale: rising(0, Math.max(...norms)),
      cell: { width: Math.max(14, Math.min(40, Math.floor(700 / labels.length))), height: 22 },
    }),
    [side, of],
  );
  return (
    <section class="stack">
      <h2>{data.title}</h2>
      <Heatmap
        data={data}
        describe={({ row, column }) =>
          `${places[row]!.title}, “${labels[column]}” (${column}): ${data.value(row, column)!.toPrecision(3)}`
        }
      />
    </section>
  );
}
