import type { JSX } from "preact";
import { useId } from "preact/hooks";

import { routeText } from "../app/route.ts";
import { currentSpec } from "../model/current-spec.ts";
import { allPresets } from "./state.ts";

const groups = { small: "Small: trains in this page", published: "Published: at full size" } as const;

/** A spec to begin with. */
export function PresetChoice(): JSX.Element {
  const id = useId();
  const presets = allPresets.value;
  const now = JSON.stringify(currentSpec.spec.value);
  const chosen = presets.find(({ spec }) => JSON.stringify(spec) === now);
  const choose = (name: string): void => {
    const preset = presets.find((each) => each.id === name);
    if (preset !== undefined) currentSpec.edit(preset.spec);
  };
  return (
    <div class="field preset-choice">
      <label for={id}>Begin with</label>
      <select
        id={id}
        value={chosen?.id ?? ""}
        aria-describedby={`${id}-about`}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <option value="" disabled>
          your own model
        </option>
        {(["small", "published"] as const).map((group) => (
          <optgroup key={group} label={groups[group]}>
            {presets
              .filter((preset) => preset.group === group)
              .map((preset) => (
                <option key={preset.id} value={preset.id}>
                  {preset.title}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      <span class="hint" id={`${id}-about`}>
        {chosen?.about} {chosen?.group === "published" && <Weights />}
      </span>
    </div>
  );
}

function Weights(): JSX.Element {
  return (
    <>
      For its weights, drop its folder from Hugging Face on <a href={routeText("run")}>Run</a>.
    </>
  );
}
