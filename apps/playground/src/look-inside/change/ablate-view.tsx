import type { JSX } from "preact";

import type { AblateBy, Ablation } from "../../engine/inspection/intervention-data.ts";
import { Choice } from "../../interface/choice.tsx";
import { engine } from "../../model/session.ts";
import { PredictsNothing } from "../predicts-nothing.tsx";
import { labelsOf, positionIn, type Shown } from "../shown.ts";
import { choose, chosen } from "../state.ts";
import { useLatest } from "../use-latest.ts";
import { Waiting } from "../waiting.tsx";
import { AblationGrid } from "./ablation-grid.tsx";
import { DivergenceStrip } from "./divergence-strip.tsx";
import { MovedTable } from "./moved-table.tsx";
import { placeOf } from "./place-name.ts";
import { predictionAt } from "./prediction-at.ts";
import "./change.css";

/** Heads and sublayers are taken out, and the prediction is watched. */
export function AblateView({ shown }: { readonly shown: Shown }): JSX.Element {
  const { reading, texts } = shown;
  const { out, by } = chosen.value;
  const position = positionIn(reading);
  // What this model has: another may have been opened since it was chosen.
  const ablations = out.map(ablationOf).filter((ablation) => exists(ablation, shown));
  const key = reading.predicts ? `${shown.key} ${by} ${position} ${JSON.stringify(ablations)}` : undefined;
  const { value, busy } = useLatest("The prediction without these parts could not be computed", key, async () => ({
    moved: await engine().inspection.ablate(texts, ablations, by, position),
    shown,
    position,
  }));
  if (!reading.predicts) return <PredictsNothing />;
  return (
    <div class="ablate-columns">
      <section class="stack">
        <h2>What is taken out</h2>
        <p class="small quiet">
          Choose a head by its number, or all that a sublayer gives, to take it out. What the model loses by it says
          what the part is worth here (Michel et al. 2019, “Are sixteen heads really better than one?”).
        </p>
        <AblationGrid
          layers={reading.layers}
          out={out}
          onToggle={(name) =>
            choose({ out: out.includes(name) ? out.filter((each) => each !== name) : [...out, name] })
          }
        />
        <div class="row">
          <Choice<AblateBy>
            label="What comes in its place"
            value={by}
            options={[
              { value: "zero", title: "Nothing: zeros" },
              { value: "mean", title: "Its mean over the tokens of the text" },
            ]}
            onChange={(by) => choose({ by })}
          />
          <button type="button" class="button" disabled={out.length === 0} onClick={() => choose({ out: [] })}>
            Put everything back
          </button>
        </div>
      </section>
      <section class="stack" aria-busy={busy}>
        <h2>How the output moves</h2>
        {value === undefined ? (
          <Waiting busy={busy} />
        ) : (
          <>
            <MovedTable moved={value.moved} at={predictionAt(value.shown.reading, value.position)} />
            {value.moved.divergences.some((divergence) => divergence > 1e-6) && (
              <DivergenceStrip divergences={value.moved.divergences} labels={labelsOf(value.shown.reading.main)} />
            )}
          </>
        )}
      </section>
    </div>
  );
}

function ablationOf(name: string): Ablation {
  const { layer, part, head } = placeOf(name)!;
  return { layer, part: part as Ablation["part"], ...(head !== undefined && { heads: [head] }) };
}

function exists({ layer, part, heads }: Ablation, { reading }: Shown): boolean {
  const found = reading.layers[layer];
  if (found === undefined) return false;
  if (heads === undefined) return found.sublayers.includes(part);
  return part !== "feed-forward" && heads.every((head) => head < found.heads[part]);
}
