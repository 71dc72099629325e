import type { JSX } from "preact";

import { isObject, type JsonObject, type Path, valueAt } from "../../spec/at-path.ts";
import type { FieldForm } from "../../spec/form.ts";
import { specJson } from "../edit.ts";
import { labelOf, valueText } from "../words.ts";
import { FieldOf } from "./field-of.tsx";
import { KindsField } from "./kinds-field.tsx";
import { Section } from "./section.tsx";

/** The part at a key: which kind it is, and its options. */
export function PartSection({ field, at }: { readonly field: FieldForm; readonly at: Path }): JSX.Element {
  const path = [...at, field.key];
  const there = valueAt(specJson(), path);
  const part = isObject(there) ? there : isObject(field.usual) ? field.usual : undefined;
  return (
    <Section
      place={path.join(".")}
      holds={[path.join(".")]}
      title={labelOf(field.key)}
      about={part === undefined ? "" : inShort(part)}
    >
      <div data-place={path.join(".")}>
        <KindsField field={field} path={path} label={`${labelOf(field.key)}: kind`} Control={FieldOf} />
      </div>
    </Section>
  );
}

/** "multi-head · heads 4". */
function inShort({ kind, ...options }: JsonObject): string {
  const said = Object.entries(options)
    .filter(([, value]) => typeof value === "number" || typeof value === "string")
    .slice(0, 2)
    .map(([key, value]) =>
      key === "activation" ? valueText(value) : `${labelOf(key).toLowerCase()} ${valueText(value)}`,
    );
  return [valueText(kind), ...said].join(" · ");
}
