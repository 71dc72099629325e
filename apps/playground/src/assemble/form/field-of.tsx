import type { Json } from "@tenon/tensor";
import type { JSX } from "preact";

import { Choice } from "../../interface/choice.tsx";
import { Field } from "../../interface/field.tsx";
import { isObject, type Path, valueAt } from "../../spec/at-path.ts";
import type { FieldForm } from "../../spec/form.ts";
import { edit, specJson } from "../edit.ts";
import { currentChoices } from "../state.ts";
import { labelOf, valueText } from "../words.ts";
import { KindsField } from "./kinds-field.tsx";
import { listFrom, listText } from "./list-text.ts";
import { NumberInput } from "./number-input.tsx";
import { ObjectField } from "./object-field.tsx";
import { problemIn } from "./problems-at.ts";
import { TextInput } from "./text-input.tsx";

/** The control for one key of the spec, at a place that can be gone to. */
export function FieldOf({ field, at }: { readonly field: FieldForm; readonly at: Path }): JSX.Element {
  return (
    <div class="place" data-place={[...at, field.key].join(".")}>
      <Control field={field} at={at} />
    </div>
  );
}

function Control({ field, at }: { readonly field: FieldForm; readonly at: Path }): JSX.Element {
  const path = [...at, field.key];
  const { input, usual, required } = field;
  const value = valueAt(specJson(), path);
  const shared = { label: labelOf(field.key), hint: hintOf(field), wrong: problemIn(path) };
  const set = (next: Json | undefined): void => edit(path, next);
  const type = (next: Json | undefined): void => edit(path, next, { typed: true });
  switch (input.type) {
    case "number":
      return (
        <NumberInput
          {...shared}
          value={typeof value === "number" ? value : undefined}
          usual={usual === undefined ? (required ? undefined : "default") : `default ${valueText(usual)}`}
          optional={!required}
          whole={input.whole}
          range={input}
          fitting={currentChoices.value.fitting[path.join(".")]}
          onChange={type}
        />
      );
    case "yes-no":
      if (usual === undefined && !required)
        return <OneOf {...shared} options={[true, false]} value={value} field={field} set={set} />;
      return (
        <Field {...shared}>
          {(control) => (
            <input
              {...control}
              type="checkbox"
              checked={(value ?? usual) === true}
              onChange={({ currentTarget }) => set(currentTarget.checked)}
            />
          )}
        </Field>
      );
    case "choice":
      return <OneOf {...shared} options={input.options} value={value} field={field} set={set} />;
    case "list":
      if (input.item.type !== "number") break;
      return (
        <TextInput
          {...shared}
          value={Array.isArray(value) ? (value as readonly Json[]) : undefined}
          write={listText}
          read={(text) => listFrom(text, input)}
          placeholder={required ? undefined : "default"}
          onChange={type}
        />
      );
    case "object":
      return <ObjectField field={field} fields={input.fields} path={path} Control={FieldOf} />;
    case "kinds":
      return <KindsField field={field} path={path} Control={FieldOf} />;
    default:
      break;
  }
  return (
    <TextInput
      {...shared}
      long
      value={value}
      write={(json) => (json === undefined ? "" : JSON.stringify(json, undefined, 1))}
      read={jsonFrom}
      placeholder={required ? undefined : "default"}
      onChange={type}
    />
  );
}

/** One of a few values, or none where one need not be said. */
function OneOf({
  options,
  value,
  field: { required, usual },
  set,
  ...shared
}: {
  readonly label: string;
  readonly hint: string;
  readonly wrong?: string | undefined;
  readonly options: readonly Json[];
  readonly value: Json | undefined;
  readonly field: FieldForm;
  readonly set: (value: Json | undefined) => void;
}): JSX.Element {
  const told = usual === undefined ? "Default" : `Default: ${valueText(usual)}`;
  return (
    <Choice
      {...shared}
      value={value === undefined ? "" : JSON.stringify(value)}
      options={[
        ...(required ? [] : [{ value: "", title: told }]),
        ...options.map((each) => ({ value: JSON.stringify(each), title: valueText(each) })),
      ]}
      onChange={(chosen) => set(chosen === "" ? undefined : (JSON.parse(chosen) as Json))}
    />
  );
}

function hintOf({ about, usual, input }: FieldForm): string {
  const isSaid = usual === undefined || isObject(usual) || input.type === "choice";
  const sentence = about === "" || /[.?]$/.test(about) ? about : `${about}.`;
  return isSaid ? sentence : `${sentence} Default: ${valueText(usual)}.`.trim();
}

function jsonFrom(text: string): Json | undefined {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Error('Write it as JSON, such as [{"width": 64}].');
  }
}
