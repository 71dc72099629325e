import type { JSX } from "preact";

import { routeText } from "../app/route.ts";
import { Field } from "../interface/field.tsx";
import { currentSpec } from "../model/current-spec.ts";
import { allPresets } from "./state.ts";

const groups = { small: "Small: trains in this page", published: "Published: at full size" } as const;

/** A spec to begin with. */
export function PresetChoice(): JSX.Element {
  const presets = allPresets.value;
  const now = JSON.stringify(currentSpec.spec.value);
  const chosen = presets.find(({ spec }) => JSON.stringify(spec) === now);
  const choose = (name: string): void => {
    const preset = presets.find((each) => each.id === name);
    if (preset !== undefined) currentSpec.edit(preset.spec);
  };
  const about =
    chosen === undefined ? (
      "A model of your own. Change any part: what it comes to follows at once."
    ) : chosen.group === "published" ? (
      <Weights about={chosen.about} />
    ) : (
      chosen.about
    );
  return (
    <div class="preset-choice">
      <Field label="Begin with" hint={about}>
        {(control) => (
          <select {...control} value={chosen?.id ?? ""} onChange={({ currentTarget }) => choose(currentTarget.value)}>
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
        )}
      </Field>
    </div>
  );
}

function Weights({ about }: { readonly about: string }): JSX.Element {
  return (
    <>
      {about} For its weights, drop its folder from Hugging Face on <a href={routeText("run")}>Run</a>.
    </>
  );
}
