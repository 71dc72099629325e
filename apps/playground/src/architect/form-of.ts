import { type Kinds, specSchema, standardKinds } from "@tenon/models";
import type { Json } from "@tenon/tensor";

import type { FieldForm, Form, InputForm, KindForm } from "../spec/form.ts";

/** What a JSON Schema says, as far as forms ask. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly const?: Json;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly properties?: { readonly [key: string]: Schema };
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: Schema };
}

/** The form of all specs that the kinds of a registry make. */
export function formOf(kinds: Kinds = standardKinds): Form {
  const { oneOf = [], $defs = {} } = specSchema({ kinds }) as Schema;
  const models = oneOf.map(({ $ref }) => refName($ref!));
  const groups = Object.entries($defs).filter(([name]) => !models.includes(name));
  return {
    models: models.map((name) => kindOf($defs[name]!)!),
    groups: Object.fromEntries(
      groups.map(([name, { oneOf = [] }]) => [name, oneOf.flatMap((each) => kindOf(each) ?? [])]),
    ),
  };
}

const refName = (reference: string): string => reference.slice("#/$defs/".length);

/** An object that says its kind; undefined for any other. */
function kindOf(schema: Schema): KindForm | undefined {
  const kind = schema.properties?.["kind"];
  if (typeof kind?.const !== "string") return undefined;
  return {
    kind: kind.const,
    about: sentence(schema.description ?? kind.description),
    fields: fieldsOf(schema).filter(({ key }) => key !== "kind"),
  };
}

function fieldsOf({ properties = {}, required = [] }: Schema): FieldForm[] {
  return Object.entries(properties).map(([key, schema]) => ({
    key,
    about: sentence(schema.description),
    required: required.includes(key),
    ...(schema.default !== undefined && { usual: schema.default }),
    input: inputOf(schema),
  }));
}

/** What is expected is seen by the field, or said when something else comes. */
const sentence = (description = ""): string => description.replace(/\s*Expected: .*$/s, "").replace(/\.$/, "");

function inputOf(schema: Schema): InputForm {
  if (schema.$ref !== undefined) return { type: "part", group: refName(schema.$ref) };
  if (schema.const !== undefined) return { type: "choice", options: [schema.const] };
  if (schema.enum !== undefined) return { type: "choice", options: schema.enum };
  const several = schema.oneOf ?? schema.anyOf;
  if (several !== undefined) return severalOf(several);
  switch (schema.type) {
    case "integer":
    case "number":
      return numberOf(schema);
    case "boolean":
      return { type: "yes-no" };
    case "array":
      return listOf(schema);
    case "object":
      return schema.properties === undefined ? { type: "json" } : { type: "object", fields: fieldsOf(schema) };
    default:
      return { type: "json" };
  }
}

/** Kinds, or values of which each can be named. */
function severalOf(schemas: readonly Schema[]): InputForm {
  const kinds = schemas.flatMap((each) => kindOf(each) ?? []);
  if (kinds.length === schemas.length) return { type: "kinds", kinds };
  const options = schemas.map((each) =>
    each.type === "boolean" ? [true, false] : (each.enum ?? (each.const === undefined ? undefined : [each.const])),
  );
  return options.every((each) => each !== undefined) ? { type: "choice", options: options.flat() } : { type: "json" };
}

function numberOf({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): InputForm {
  const whole = type === "integer";
  // Of whole numbers above 0 the least is 1.
  const [least, above] = edge(minimum, exclusiveMinimum, whole ? 1 : undefined);
  const [most, below] = edge(maximum, exclusiveMaximum, whole ? -1 : undefined);
  const range = Object.entries({ least, above, most, below }).filter(([, value]) => value !== undefined);
  return { type: "number", whole, ...Object.fromEntries(range) };
}

/** The end of a range that belongs to it, or the one that does not. */
function edge(
  inclusive: number | undefined,
  exclusive: number | undefined,
  step: number | undefined,
): [inclusive: number | undefined, exclusive: number | undefined] {
  if (inclusive !== undefined || exclusive === undefined) return [inclusive, undefined];
  return step === undefined ? [undefined, exclusive] : [exclusive + step, undefined];
}

function listOf({ items, prefixItems }: Schema): InputForm {
  const item = prefixItems?.[0] ?? (items || {});
  const others = item.anyOf?.filter(({ type }) => type !== "null");
  const nullable = others !== undefined && others.length < item.anyOf!.length;
  return {
    type: "list",
    item: inputOf(nullable && others.length === 1 ? others[0]! : item),
    nullable,
    ...(prefixItems !== undefined && { length: prefixItems.length }),
  };
}
