import type { JSX } from "preact";

import { currentSpec } from "../../model/current-spec.ts";
import { withModelKind } from "../../spec/convert.ts";
import { specForm } from "../state.ts";
import { titleOf } from "../words.ts";
import { seenSpecs } from "./seen-specs.ts";
import "./form.css";
import { ModelFields } from "./model-fields.tsx";

/** Everything that the spec says, as a form. */
export function SpecForm(): JSX.Element {
  const form = specForm.value;
  if (form === undefined) return <p class="waiting">Loading the parts …</p>;
  const spec = currentSpec.spec.value;
  const model = form.models.find(({ kind }) => kind === spec.kind);
  const choose = (kind: string): void => currentSpec.edit(withModelKind(form, spec, kind, seenSpecs(kind)));
  return (
    <form class="spec-form" aria-label="The model's parts" onSubmit={(event) => event.preventDefault()}>
      <fieldset class="model-kinds">
        <legend>Kind of model</legend>
        <div class="chips">
          {form.models.map(({ kind }) => (
            <label key={kind} class="chip-choice">
              <input
                type="radio"
                name="model-kind"
                value={kind}
                checked={kind === spec.kind}
                onChange={() => choose(kind)}
              />
              <span>{titleOf(kind)}</span>
            </label>
          ))}
        </div>
        {model !== undefined && <p class="hint">{model.about}.</p>}
      </fieldset>
      {model !== undefined && <ModelFields key={model.kind} fields={model.fields} />}
    </form>
  );
}
