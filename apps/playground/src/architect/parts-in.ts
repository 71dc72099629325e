import type { JsonObject, Path } from "../spec/at-path.ts";
import { isObject } from "../spec/at-path.ts";
import type { FieldForm, Form, KindForm } from "../spec/form.ts";

/** A field of a form and where it stands in the spec. */
export interface PlacedField {
  readonly path: Path;
  readonly field: FieldForm;
  /** What stands there now, if anything. */
  readonly value: JsonObject[string] | undefined;
}

/** All fields that a spec's form shows: of the model, of its sides and of its parts, but not of what is left out. */
export function fieldsIn(form: Form, spec: JsonObject): PlacedField[] {
  const model = form.models.find(({ kind }) => kind === spec["kind"]);
  return model === undefined ? [] : placed(form, model.fields, spec, []);
}

function placed(form: Form, fields: readonly FieldForm[], value: JsonObject, at: Path): PlacedField[] {
  return fields.flatMap((field): PlacedField[] => {
    const path = [...at, field.key];
    const inside = value[field.key];
    const one: PlacedField = { path, field, value: inside };
    return isObject(inside) ? [one, ...placed(form, fieldsInside(form, field, inside), inside, path)] : [one];
  });
}

function fieldsInside(form: Form, { input }: FieldForm, value: JsonObject): readonly FieldForm[] {
  const of = (kinds: readonly KindForm[]): readonly FieldForm[] =>
    kinds.find(({ kind }) => kind === value["kind"])?.fields ?? [];
  switch (input.type) {
    case "object":
      return input.fields;
    case "kinds":
      return of(input.kinds);
    case "part":
      return of(form.groups[input.group] ?? []);
    default:
      return [];
  }
}
