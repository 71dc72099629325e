import type { JSX } from "preact";

import type { PatchPlace } from "../../engine/inspection/intervention-data.ts";
import type { Reading } from "../../engine/inspection/subject-data.ts";
import { Choice } from "../../interface/choice.tsx";
import { visible } from "../shown.ts";

/** A place that the model has: one that was chosen for another model comes as near as can be. */
export function possiblePlace({ layer, part, head }: PatchPlace, { layers }: Reading): PatchPlace {
  const near = Math.min(layer, layers.length - 1);
  const { sublayers, heads } = layers[Math.max(near, 0)]!;
  if (part === "stream" || !sublayers.includes(part)) return { layer: near, part: "stream" };
  const fits = head !== undefined && part !== "feed-forward" && head < heads[part];
  return { layer: Math.max(near, 0), part, ...(fits && { head }) };
}

/** Which layer, part, head and position is patched. */
export function PatchPlaceFields({
  reading,
  place,
  at,
  onChange,
}: {
  readonly reading: Reading;
  readonly place: PatchPlace;
  readonly at: number | undefined;
  readonly onChange: (place: PatchPlace, at: number | undefined) => void;
}): JSX.Element {
  const { layer, part, head } = place;
  const { sublayers, heads } = reading.layers[Math.max(layer, 0)]!;
  const count = part === "attention" || part === "cross-attention" ? heads[part] : 0;
  const first = part === "stream" ? -1 : 0;
  return (
    <div class="columns">
      <Choice
        label="Part"
        value={part}
        options={[
          { value: "stream", title: "The residual stream" },
          ...sublayers.map((sublayer) => ({ value: sublayer, title: `What ${sublayer} adds` })),
        ]}
        onChange={(part) => onChange(possiblePlace({ layer, part }, reading), at)}
      />
      <Choice
        label="Layer"
        value={String(layer)}
        options={Array.from({ length: reading.layers.length - first }, (_, i) => i + first).map((each) => ({
          value: String(each),
          title:
            each < 0
              ? "before the first: the embeddings"
              : part === "stream"
                ? `at the end of layer ${each}`
                : `layer ${each}`,
        }))}
        onChange={(value) => onChange({ ...place, layer: Number(value) }, at)}
      />
      {count > 0 && (
        <Choice
          label="Head"
          value={head === undefined ? "all" : String(head)}
          options={[
            { value: "all", title: "all heads" },
            ...Array.from({ length: count }, (_, each) => ({ value: String(each), title: `head ${each}` })),
          ]}
          onChange={(value) => onChange({ layer, part, ...(value !== "all" && { head: Number(value) }) }, at)}
        />
      )}
      <Choice
        label="Position"
        value={at === undefined ? "all" : String(at)}
        options={[
          { value: "all", title: "every position" },
          ...reading.main.tokens.map((token, position) => ({
            value: String(position),
            title: `${position}: ${visible(token)}`,
          })),
        ]}
        onChange={(value) => onChange(place, value === "all" ? undefined : Number(value))}
      />
    </div>
  );
}
