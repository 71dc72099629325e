import type { JSX } from "preact";

import { Choice } from "../../interface/choice.tsx";
import { isObject, type Path, valueAt } from "../../spec/at-path.ts";
import { withPartKind } from "../../spec/convert.ts";
import { type FieldForm, kindsOf } from "../../spec/form.ts";
import { aroundPath, edit, specJson } from "../edit.ts";
import { currentChoices, specForm } from "../state.ts";
import { labelOf } from "../words.ts";
import { type FieldControl, Fields } from "./fields.tsx";
import { problemAt } from "./problems-at.ts";

/** Which kind something is, and what that kind is told. Kinds that do not fit the rest of the spec say why. */
export function KindsField({
  field: { key, about, required, input, usual },
  path,
  label = labelOf(key),
  Control,
}: {
  readonly field: FieldForm;
  readonly path: Path;
  readonly label?: string;
  readonly Control: FieldControl;
}): JSX.Element {
  const form = specForm.value!;
  const kinds = kindsOf(form, input)!;
  const there = valueAt(specJson(), path);
  const value = isObject(there) ? there : isObject(usual) ? usual : undefined;
  const chosen = kinds.find(({ kind }) => kind === value?.["kind"]);
  const impossible = currentChoices.value.impossible[path.join(".")] ?? {};
  const choose = (kind: string): void =>
    edit(path, kind === "" ? undefined : withPartKind(form, kinds, value, kind, aroundPath(path)));
  const options = kinds.map(({ kind }) => ({
    value: kind,
    title: isObject(usual) && usual["kind"] === kind ? `${kind} (default)` : kind,
    impossible: kind === chosen?.kind ? undefined : impossible[kind],
  }));
  return (
    <>
      <Choice
        label={label}
        hint={`${chosen?.about ?? about}.`}
        wrong={problemAt(path) ?? problemAt([...path, "kind"])}
        value={chosen?.kind ?? ""}
        options={[...(required || usual !== undefined ? [] : [{ value: "", title: "Default: none" }]), ...options]}
        onChange={choose}
      />
      {chosen && <Fields key={chosen.kind} fields={chosen.fields} at={path} Control={Control} />}
    </>
  );
}
