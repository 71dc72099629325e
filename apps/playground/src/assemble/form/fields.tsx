import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { type Path, valueAt } from "../../spec/at-path.ts";
import type { FieldForm } from "../../spec/form.ts";
import { specJson } from "../edit.ts";
import { isWrong } from "./problems-at.ts";

/** The control for one key: handed on, since the keys of an object have controls as it has itself. */
export type FieldControl = (props: { readonly field: FieldForm; readonly at: Path }) => JSX.Element;

/** The keys of a kind: first what must be said or was said when this came into view, the others behind a line to open. */
export function Fields({
  fields,
  at,
  Control,
}: {
  readonly fields: readonly FieldForm[];
  readonly at: Path;
  readonly Control: FieldControl;
}): JSX.Element {
  const spec = specJson();
  const isSet = ({ key }: FieldForm): boolean => valueAt(spec, [...at, key]) !== undefined;
  // What is written into for the first time stays where it is: a field that moved would lose the focus.
  const [first] = useState(() =>
    fields.filter((field) => field.required || field.usual !== undefined || isSet(field)).map(({ key }) => key),
  );
  const [shown, others] = [
    fields.filter(({ key }) => first.includes(key)),
    fields.filter(({ key }) => !first.includes(key)),
  ];
  const set = others.filter(isSet).length;
  const one = (field: FieldForm): JSX.Element => <Control key={field.key} field={field} at={at} />;
  return (
    <>
      {shown.length > 0 && <div class="fields">{shown.map(one)}</div>}
      {others.length > 0 && (
        <details class="more" open={others.some(({ key }) => isWrong([...at, key])) || undefined}>
          <summary>
            {shown.length > 0 ? "More options" : "Options"}{" "}
            <span class="quiet">{set === 0 ? others.length : `${others.length}, ${set} set`}</span>
          </summary>
          <div class="fields">{others.map(one)}</div>
        </details>
      )}
    </>
  );
}
