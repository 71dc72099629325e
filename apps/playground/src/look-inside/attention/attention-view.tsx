import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";

import type { AttentionMaps } from "../../engine/inspection/attention-data.ts";
import { Choice } from "../../interface/choice.tsx";
import { engine } from "../../model/session.ts";
import { labelsOf, positionIn, type Shown } from "../shown.ts";
import { choose, chosen } from "../state.ts";
import { useLatest } from "../use-latest.ts";
import { Waiting } from "../waiting.tsx";
import { HeadGrid } from "./head-grid.tsx";
import { LargePattern } from "./large-pattern.tsx";
import { patternOf } from "./pattern.ts";
import "./attention.css";

/** What every head of every layer looks at. */
export function AttentionView({ shown }: { readonly shown: Shown }): JSX.Element {
  const { value, busy } = useLatest("The attention could not be looked at", shown.key, async () => ({
    shown,
    maps: await engine().inspection.attention(shown.texts),
  }));
  if (value === undefined) return <Waiting busy={busy} />;
  return <Maps maps={value.maps} shown={value.shown} />;
}

function Maps({ maps, shown }: { readonly maps: readonly AttentionMaps[]; readonly shown: Shown }): JSX.Element {
  const state = chosen.value;
  const kind = Math.min(state.attention, maps.length - 1);
  const map = maps[kind]!;
  const { reading } = shown;
  const sequenceOf = (side: "main" | "source") => (side === "main" ? reading.main : reading.source!);
  const [queries, keys] = [sequenceOf(map.queries), sequenceOf(map.keys)];
  const layer = Math.min(state.layer, map.layers.length - 1);
  const head = Math.min(state.head, Math.max(0, map.layers[layer]!.heads - 1));
  const pattern = useMemo(() => patternOf(map, layer, head, keys.tokens.length), [map, layer, head]);
  // The list above has the tokens that predict; one of the others is chosen by its row.
  const [sourceQuery, setSourceQuery] = useState(0);
  const query = map.queries === "main" ? positionIn(reading) : Math.min(sourceQuery, queries.tokens.length - 1);
  return (
    <div class="stack">
      {maps.length > 1 && (
        <Choice
          label="Which attention"
          value={String(kind)}
          options={maps.map(({ title }, i) => ({ value: String(i), title }))}
          onChange={(value) => choose({ attention: Number(value) })}
        />
      )}
      {map.absent !== undefined ? (
        <p>{map.absent}</p>
      ) : (
        <div class="attention-columns">
          <section class="stack">
            <h2>Heads</h2>
            <p class="small quiet">
              A row for each layer, a picture for each head: a line for each token that looks, a column for each that is
              looked at. Choose one to see it large.
            </p>
            <HeadGrid
              maps={map}
              keys={keys.tokens.length}
              layer={layer}
              head={head}
              onSelect={(layer, head) => choose({ layer, head })}
            />
          </section>
          {pattern === undefined ? (
            <p>This layer has no pattern.</p>
          ) : (
            <LargePattern
              title={`${maps.length > 1 ? `${map.title},` : "Attention:"} layer ${layer}, head ${head}`}
              pattern={pattern}
              within={map.queries === map.keys}
              rows={labelsOf(queries)}
              columns={labelsOf(keys)}
              query={query}
              onQuery={(position) => (map.queries === "main" ? choose({ position }) : setSourceQuery(position))}
            />
          )}
        </div>
      )}
    </div>
  );
}
