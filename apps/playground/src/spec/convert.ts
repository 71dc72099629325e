import type { Spec } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import { isObject, type JsonObject } from "./at-path.ts";
import { beginning } from "./beginnings.ts";
import { type FieldForm, type Form, type InputForm, type KindForm, kindsOf, outOfRange } from "./form.ts";

/**
 * The same model as another kind: what both have stays, one side of an encoder–decoder goes on alone, one model becomes both sides. What is missing is
 * taken from `others`, specs that were seen before.
 */
export function withModelKind(form: Form, spec: Spec, kind: string, others: readonly Spec[] = []): Spec {
  const model = form.models.find((each) => each.kind === kind);
  if (model === undefined || spec.kind === kind) return spec;
  const own = sourcesOf(spec as unknown as JsonObject, kind);
  const around = [...own, ...others.flatMap((each) => sourcesOf(each as unknown as JsonObject, kind))];
  return new Filling(form).kind(model, own, around) as unknown as Spec;
}

/** A part of another kind, with the options that both kinds have; `around` is what it stands in, the nearest first. */
export function withPartKind(
  form: Form,
  kinds: readonly KindForm[],
  before: JsonObject | undefined,
  kind: string,
  around: readonly JsonObject[],
): JsonObject {
  const own = before === undefined ? [] : [before];
  return new Filling(form).kind(
    kinds.find((each) => each.kind === kind)!,
    own,
    [...own, ...around],
  );
}

/** An object at a key that had none. */
export function newObject(form: Form, input: InputForm, around: readonly JsonObject[]): Json {
  return new Filling(form).missing("", input, around);
}

/** Where the keys of a model may come from: the spec, and the sides that it has, the side of that name first. */
function sourcesOf(spec: JsonObject, kind: string): JsonObject[] {
  const sides = ["decoder", "encoder"].map((name) => spec[name]).filter(isObject);
  const named = spec[kind];
  return [spec, ...(isObject(named) ? [named] : []), ...sides];
}

class Filling {
  readonly #form: Form;

  constructor(form: Form) {
    this.#form = form;
  }

  kind({ kind, fields }: KindForm, own: readonly JsonObject[], around: readonly JsonObject[]): JsonObject {
    const { kind: _, ...others } = this.fields(fields, own, around) as { kind?: Json };
    return { kind, ...others };
  }

  fields(fields: readonly FieldForm[], own: readonly JsonObject[], around: readonly JsonObject[]): JsonObject {
    const filled: { [key: string]: Json } = {};
    for (const field of fields) {
      const value = this.#field(field, own, around);
      if (value !== undefined) filled[field.key] = value;
    }
    return filled;
  }

  /** What a key that must be said begins with. */
  missing(key: string, input: InputForm, around: readonly JsonObject[]): Json {
    if (input.type === "object") return this.fields(input.fields, [], around);
    const kinds = kindsOf(this.#form, input);
    if (kinds === undefined) return beginning(key, input, around);
    // A part of a kind that another place has, too, begins as the one there: cross-attention as attention.
    const names = kinds.map(({ kind }) => kind);
    const alike = around.flatMap((each) => Object.values(each)).find((value) => isKindOf(names, value));
    const kind = kinds.find((each) => each.kind === (alike as JsonObject | undefined)?.["kind"]) ?? kinds[0]!;
    return this.kind(kind, isObject(alike) ? [alike] : [], around);
  }

  #field(
    { key, required, input }: FieldForm,
    own: readonly JsonObject[],
    around: readonly JsonObject[],
  ): Json | undefined {
    // A side of two begins as the model that there was, or as the other side.
    if (input.type === "object" && required) {
      const before = own.map((each) => each[key]).filter(isObject);
      return this.fields(input.fields, [...before, ...own], [...before, ...around]);
    }
    const sources = required ? [...own, ...around] : own;
    const found = sources.map((each) => each[key]).find((value) => value !== undefined && this.#fits(input, value));
    return found ?? (required ? this.missing(key, input, around) : undefined);
  }

  #fits(input: InputForm, value: Json): boolean {
    switch (input.type) {
      case "number":
        return typeof value === "number" && outOfRange(value, input) === undefined;
      case "yes-no":
        return typeof value === "boolean";
      case "choice":
        return input.options.includes(value);
      case "list":
        return Array.isArray(value);
      case "object":
        return isObject(value);
      case "part":
      case "kinds":
        return isKindOf(
          kindsOf(this.#form, input)!.map(({ kind }) => kind),
          value,
        );
      case "json":
        return true;
    }
  }
}

const isKindOf = (names: readonly string[], value: Json | undefined): boolean =>
  isObject(value) && typeof value["kind"] === "string" && names.includes(value["kind"]);
