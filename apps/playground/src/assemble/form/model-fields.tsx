import type { JSX } from "preact";

import { type JsonObject, type Path, valueAt } from "../../spec/at-path.ts";
import type { FieldForm } from "../../spec/form.ts";
import { specJson } from "../edit.ts";
import { labelOf, valueText } from "../words.ts";
import { FieldOf } from "./field-of.tsx";
import { PartSection } from "./part-section.tsx";
import { Section } from "./section.tsx";

/** The keys of a model, or of one side of it: its sizes, its parts, its sides, and the rest. */
export function ModelFields({
  fields,
  at = [],
}: {
  readonly fields: readonly FieldForm[];
  readonly at?: Path;
}): JSX.Element {
  const [sizes, parts, sides, rest] = sorted(fields);
  const place = (name: string): string => [...at, name].join(".");
  return (
    <>
      {sizes.length > 0 && (
        <Section place={place("model")} holds={placesOf(sizes, at)} title="Sizes" about={sizesInShort(sizes, at)}>
          <div class="fields two">
            {sizes.map((field) => (
              <FieldOf key={field.key} field={field} at={at} />
            ))}
          </div>
        </Section>
      )}
      {parts.map((field) => (
        <PartSection key={field.key} field={field} at={at} />
      ))}
      {sides.map((field) => (
        <fieldset class="side" key={field.key}>
          <legend>{labelOf(field.key)}</legend>
          <ModelFields fields={(field.input as { fields: readonly FieldForm[] }).fields} at={[...at, field.key]} />
        </fieldset>
      ))}
      {rest.length > 0 && (
        <Section
          place={place("rest")}
          holds={placesOf(rest, at)}
          title={at.length === 0 ? "Everything else" : "More of this side"}
          about={restInShort(rest, at)}
        >
          <div class="fields">
            {rest.map((field) => (
              <FieldOf key={field.key} field={field} at={at} />
            ))}
          </div>
        </Section>
      )}
    </>
  );
}

/** Sizes, parts, sides and the rest. What can only be one thing is no question. */
function sorted(fields: readonly FieldForm[]): [FieldForm[], FieldForm[], FieldForm[], FieldForm[]] {
  const asked = fields.filter(({ input }) => input.type !== "choice" || input.options.length > 1);
  const isSize = ({ input, required }: FieldForm): boolean =>
    required && (input.type === "number" || input.type === "list");
  const isPart = ({ input }: FieldForm): boolean => input.type === "part" || input.type === "kinds";
  const isSide = ({ input, required }: FieldForm): boolean => input.type === "object" && required;
  return [
    asked.filter(isSize),
    asked.filter(isPart),
    asked.filter(isSide),
    asked.filter((field) => !isSize(field) && !isPart(field) && !isSide(field)),
  ];
}

const placesOf = (fields: readonly FieldForm[], at: Path): readonly string[] =>
  fields.map(({ key }) => [...at, key].join("."));

/** "4 layers · width 128 · vocabulary 1226". */
function sizesInShort(fields: readonly FieldForm[], at: Path): string {
  const here = valueAt(specJson(), at) as JsonObject;
  const order = ["layers", "width", "context", "vocabulary"];
  return fields
    .filter(({ key }) => here[key] !== undefined)
    .toSorted((a, b) => ((order.indexOf(a.key) + 9) % 9) - ((order.indexOf(b.key) + 9) % 9))
    .slice(0, 3)
    .map(({ key }) =>
      key === "layers" ? `${valueText(here[key])} layers` : `${labelOf(key).toLowerCase()} ${valueText(here[key])}`,
    )
    .join(" · ");
}

/** What of it is not as usual. */
function restInShort(fields: readonly FieldForm[], at: Path): string {
  const here = valueAt(specJson(), at) as JsonObject;
  const set = fields.filter(({ key, usual }) => here[key] !== undefined && here[key] !== usual);
  return set.length === 0 ? "as usual" : set.map(({ key }) => labelOf(key).toLowerCase()).join(", ");
}
