import type { JSX } from "preact";

import { type Path, valueAt } from "../../spec/at-path.ts";
import type { FieldForm } from "../../spec/form.ts";
import { specJson } from "../edit.ts";
import { isWrong } from "./problems-at.ts";

/** The control for one key: handed on, since the keys of an object have controls as it has itself. */
export type FieldControl = (props: { readonly field: FieldForm; readonly at: Path }) => JSX.Element;

/** The keys of a kind: first what must be said or is said, the others behind a line to open. */
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
  const isShown = ({ key, required, usual }: FieldForm): boolean =>
    required || usual !== undefined || valueAt(spec, [...at, key]) !== undefined;
  const [shown, others] = [fields.filter(isShown), fields.filter((field) => !isShown(field))];
  const one = (field: FieldForm): JSX.Element => <Control key={field.key} field={field} at={at} />;
  return (
    <>
      {shown.length > 0 && <div class="fields">{shown.map(one)}</div>}
      {others.length > 0 && (
        <details class="more" open={others.some(({ key }) => isWrong([...at, key])) || undefined}>
          <summary>
            {shown.length > 0 ? "More options" : "Options"} <span class="quiet">{others.length}</span>
          </summary>
          <div class="fields">{others.map(one)}</div>
        </details>
      )}
    </>
  );
}
