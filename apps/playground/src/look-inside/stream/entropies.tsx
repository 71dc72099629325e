import type { JSX } from "preact";
import { useMemo } from "preact/hooks";

import type { StreamNorms } from "../../engine/inspection/stream-data.ts";
import { Heatmap } from "../drawing/heatmap.tsx";
import type { HeatmapData } from "../drawing/heatmap-data.ts";
import { rising } from "../drawing/scale.ts";
import { choose } from "../state.ts";

/** How spread the attention of each head is. */
export function Entropies({
  of,
  side: { entropies, sequence },
  keys,
}: {
  readonly of: string;
  readonly side: StreamNorms;
  readonly keys: number;
}): JSX.Element | null {
  const heads = Math.max(0, ...entropies.map((each) => each?.length ?? 0));
  const data = useMemo(
    (): HeatmapData => ({
      title: `How spread the heads look${of} (entropy in nats)`,
      rows: entropies.map((_, layer) => `layer ${layer}`),
      columns: Array.from({ length: heads }, (_, head) => `${head}`),
      rowsTitle: "",
      columnsTitle: "head",
      value: (layer, head) => entropies[layer]?.[head],
      scale: rising(0, Math.max(Math.log(keys), 0.01)),
      cell: { width: 34, height: 24 },
    }),
    [entropies, of],
  );
  if (heads === 0) return null;
  return (
    <section class="stack">
      <h2>{data.title}</h2>
      <p class="small quiet">
        The entropy of a token's weights, as a mean of the tokens: 0 for a head that looks at one token, ln {keys} ≈{" "}
        {Math.log(keys).toFixed(2)} for one that looks at all {keys} equally.{" "}
        {sequence === "main" ? "Choose a cell to open that head under Attention." : ""}
      </p>
      <Heatmap
        data={data}
        describe={({ row, column }) => {
          const entropy = data.value(row, column);
          return `Layer ${row}, head ${column}: ${entropy === undefined ? "no pattern" : `${entropy.toFixed(2)} nats`}`;
        }}
        {...(sequence === "main" && {
          onSelect: ({ row, column }) =>
            choose({ view: "attention", attention: of === "" ? 0 : 1, layer: row, head: column }),
        })}
      />
    </section>
  );
}
