import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import { Heatmap } from "../drawing/heatmap.tsx";
import type { HeatmapData } from "../drawing/heatmap-data.ts";
import { rising } from "../drawing/scale.ts";
import { choose } from "../state.ts";
import { nats } from "./moved-table.tsx";

/** How far the prediction moves at every position. */
export function DivergenceStrip({
  divergences,
  labels,
}: {
  readonly divergences: Float32Array;
  readonly labels: readonly string[];
}): JSX.Element {
  const data = useMemo(
    (): HeatmapData => ({
      title: "How far the prediction moves at every token (KL, nats)",
      rows: ["KL"],
      columns: labels,
      rowsTitle: "",
      columnsTitle: "token of the text",
      value: (_, column) => divergences[column]!,
      scale: rising(0, Math.max(...divergences)),
      cell: { width: Math.max(16, Math.min(36, Math.floor(520 / labels.length))), height: 28 },
    }),
    [divergences, labels.join()],
  );
  return (
    <section>
      <h3>{data.title}</h3>
      <Heatmap
        data={data}
        describe={({ column }) => `“${labels[column]}” (${column}): ${nats(divergences[column]!)}`}
        onSelect={({ column }) => choose({ position: column })}
      />
    </section>
  );
}
