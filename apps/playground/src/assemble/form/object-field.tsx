import type { JSX } from "preact";

import { Check } from "../../interface/check.tsx";
import { isObject, type Path, valueAt } from "../../spec/at-path.ts";
import { newObject } from "../../spec/convert.ts";
import type { FieldForm } from "../../spec/form.ts";
import { aroundPath, edit, specJson } from "../edit.ts";
import { specForm } from "../state.ts";
import { labelOf } from "../words.ts";
import type { FieldControl } from "./fields.tsx";

/** Some keys that belong together. Where one of them must be said, it is asked first whether they are wanted. */
export function ObjectField({
  field: { key, about, required },
  fields,
  path,
  Control,
}: {
  readonly field: FieldForm;
  readonly fields: readonly FieldForm[];
  readonly path: Path;
  readonly Control: FieldControl;
}): JSX.Element {
  const isThere = isObject(valueAt(specJson(), path));
  const isAsked = !required && fields.some((each) => each.required);
  const begin = (): void => edit(path, newObject(specForm.value!, { type: "object", fields }, aroundPath(path)));
  return (
    <fieldset class="inner">
      <legend>{labelOf(key)}</legend>
      <p class="hint">{about}</p>
      {isAsked && (
        <Check
          label={`${labelOf(key)}: set`}
          value={isThere}
          onChange={(wanted) => (wanted ? begin() : edit(path, undefined))}
        />
      )}
      {(isThere || !isAsked) && fields.map((each) => <Control key={each.key} field={each} at={path} />)}
    </fieldset>
  );
}
