import type { PartSpec, Spec } from "@tenon/models";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Choice } from "../../interface/choice.tsx";
import { openedModel } from "../../model/session.ts";
import type { Shown } from "../shown.ts";
import { choose, chosen } from "../state.ts";
import { SchemeCard } from "./scheme-card.tsx";
import { aboutOf, schemes } from "./schemes.ts";

/** The model's own position scheme, and another beside it. */
export function PositionsView({ shown: { key, reading } }: { readonly shown: Shown }): JSX.Element {
  const [length, setLength] = useState(64);
  const [side, setSide] = useState(reading.sides.length - 1);
  const at = Math.min(side, reading.sides.length - 1);
  const { spec } = openedModel.value!;
  const { position, context, layers } = stackOf(spec, at);
  const [chosenBeside, setCompared] = useState<string | undefined>();
  // One that goes with every attention, and is not the model's own.
  const compared = chosenBeside ?? (position.kind === "sinusoidal" ? "rotary" : "sinusoidal");
  const other = schemes.find(({ id }) => id === compared);
  const engineKey = key.split(" ").slice(0, 2).join(" ");
  const layer = Math.min(chosen.value.layer, Math.max(0, layers - 1));
  return (
    <div class="stack">
      <div class="columns">
        {reading.sides.length > 1 && (
          <Choice
            label="Side"
            value={String(at)}
            options={reading.sides.map((title, i) => ({ value: String(i), title }))}
            onChange={(value) => setSide(Number(value))}
          />
        )}
        {position["local"] !== undefined && (
          <Choice
            label="Layer"
            hint="Local and global layers of this model have schemes of their own."
            value={String(layer)}
            options={Array.from({ length: layers }, (_, each) => ({ value: String(each), title: `layer ${each}` }))}
            onChange={(value) => choose({ layer: Number(value) })}
          />
        )}
        <Choice
          label="Positions"
          value={String(length)}
          options={[16, 32, 64, 128, 256].map((each) => ({ value: String(each), title: `${each}` }))}
          onChange={(value) => setLength(Number(value))}
        />
        <Choice
          label="Beside it"
          value={compared}
          options={[{ value: "", title: "nothing" }, ...schemes.map(({ id, title }) => ({ value: id, title }))]}
          onChange={setCompared}
        />
      </div>
      <div class={`scheme-columns${other === undefined ? " one" : ""}`}>
        <SchemeCard
          title={`This model: ${titleOf(position.kind)}`}
          about={aboutOf(position)}
          engineKey={engineKey}
          request={{ scheme: "model", side: at, layer, length }}
        />
        {other !== undefined && (
          <SchemeCard
            key={other.id}
            title={other.title}
            about={aboutOf(other.spec(context))}
            engineKey={engineKey}
            request={{ scheme: other.spec(context), side: at, layer: 0, length }}
          />
        )}
      </div>
    </div>
  );
}

const titleOf = (kind: string): string =>
  schemes.find(({ id }) => id === kind)?.title ?? (kind === "none" ? "no positions" : kind);

interface Stack {
  readonly position: PartSpec;
  readonly context: number;
  readonly layers: number;
}

/** What the spec says of the side. */
function stackOf(spec: Spec, side: number): Stack {
  if (spec.kind === "encoder-decoder") return side === 0 ? spec.encoder : spec.decoder;
  if (spec.kind === "decoder" || spec.kind === "encoder") return spec;
  return { position: { kind: "none" }, context: 0, layers: 0 };
}
