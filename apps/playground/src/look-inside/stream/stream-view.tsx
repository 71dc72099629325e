import type { JSX } from "preact";

import type { StreamNorms } from "../../engine/inspection/stream-data.ts";
import { engine } from "../../model/session.ts";
import { positionIn, type Shown } from "../shown.ts";
import { useLatest } from "../use-latest.ts";
import { Waiting } from "../waiting.tsx";
import { Entropies } from "./entropies.tsx";
import { StreamCharts } from "./stream-charts.tsx";
import { StreamMap } from "./stream-map.tsx";

/** How long the residual stream is from layer to layer, what adds to it, and how spread the heads look. */
export function StreamView({ shown }: { readonly shown: Shown }): JSX.Element {
  const { value, busy } = useLatest("The residual stream could not be looked at", shown.key, async () => ({
    shown,
    sides: await engine().inspection.stream(shown.texts),
  }));
  if (value === undefined) return <Waiting busy={busy} />;
  return (
    <div class="stack">
      {value.sides.map((side) => (
        <Side key={side.title} side={side} shown={value.shown} several={value.sides.length > 1} />
      ))}
    </div>
  );
}

function Side({
  side,
  shown: { reading },
  several,
}: {
  readonly side: StreamNorms;
  readonly shown: Shown;
  readonly several: boolean;
}): JSX.Element {
  const sequence = side.sequence === "main" ? reading.main : reading.source!;
  // The position that is asked about is one of the tokens that predict; of the others there is the mean.
  const position = side.sequence === "main" ? positionIn(reading) : undefined;
  const of = several ? ` in the ${side.title.toLowerCase()}` : "";
  return (
    <div class="stack">
      <StreamCharts of={of} side={side} sequence={sequence} position={position} />
      <StreamMap of={of} side={side} sequence={sequence} />
      <Entropies of={of} side={side} keys={sequence.tokens.length} />
    </div>
  );
}
