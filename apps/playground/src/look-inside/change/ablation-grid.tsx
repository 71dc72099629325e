import type { JSX } from "preact";

import type { PatchPlace } from "../../engine/inspection/intervention-data.ts";
import type { LayerParts } from "../../engine/inspection/subject-data.ts";
import { ScrollBox } from "../../interface/scroll-box.tsx";
import { placeName } from "./place-name.ts";

/** Every head and sublayer as a button that takes it out, layer by layer. */
export function AblationGrid({
  layers,
  out,
  onToggle,
}: {
  readonly layers: readonly LayerParts[];
  /** What is taken out, by its place. */
  readonly out: readonly string[];
  readonly onToggle: (name: string) => void;
}): JSX.Element {
  const toggle = (place: PatchPlace, label: string, shown: string): JSX.Element => {
    const name = placeName(place);
    return (
      <button
        key={name}
        type="button"
        aria-pressed={out.includes(name)}
        aria-label={label}
        title={`${label}: ${out.includes(name) ? "put back" : "take out"}`}
        onClick={() => onToggle(name)}
      >
        {shown}
      </button>
    );
  };
  return (
    <ScrollBox label="Heads and sublayers that can be taken out">
      <ul class="ablations">
        {layers.map(({ heads, sublayers }, layer) => (
          <li key={layer}>
            <span class="head-label">layer {layer}</span>
            {sublayers.map((part) => (
              <span class="ablation-part" key={part}>
                {toggle({ layer, part }, `Layer ${layer}: all of ${part}`, part)}
                {part !== "feed-forward" &&
                  Array.from({ length: heads[part] }, (_, head) =>
                    toggle({ layer, part, head }, `Layer ${layer}, ${part} head ${head}`, `${head}`),
                  )}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </ScrollBox>
  );
}
