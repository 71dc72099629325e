import { refuse, type SchemaObject } from "./schema-context.ts";

export type JsonType = "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";

/** What may be said about each type. */
const keywordsOf: Readonly<Record<JsonType, readonly string[]>> = {
  object: ["properties", "required", "additionalProperties"],
  array: ["items", "prefixItems", "minItems", "maxItems"],
  string: ["minLength", "maxLength", "pattern", "format"],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  number: [],
  boolean: [],
  null: [],
};

/** They say something about the schema and nothing about a value. */
const annotations: ReadonlySet<string> = new Set(
  "title description default examples deprecated readOnly writeOnly $comment $schema $id $defs definitions".split(" "),
);
type Alone = "$ref" | "anyOf" | "oneOf" | "enum" | "const";
/** Each of them says everything by itself. */
const alone: readonly Alone[] = ["$ref", "anyOf", "oneOf", "enum", "const"];
const bounds: ReadonlySet<string> = new Set(keywordsOf.integer);

/** What a schema says: one of the keywords that stand alone, types, or nothing. */
export interface Said {
  readonly alone: Alone | undefined;
  readonly types: readonly JsonType[] | undefined;
}

/** Throws `ConfigError`, with keyword and path, for a keyword that is not supported or would say nothing here. */
export function whatIsSaid(schema: SchemaObject, path: string): Said {
  const keywords = Object.keys(schema).filter((key) => schema[key] !== undefined && !annotations.has(key));
  const types = schema["type"] === undefined ? undefined : typesOf(schema["type"], `${path}/type`);
  const single = alone.find((keyword) => keywords.includes(keyword));
  const allowed = new Set<string>(single !== undefined ? [single] : (types ?? []).flatMap((type) => keywordsOf[type]));
  if (single === undefined || single === "enum" || single === "const") allowed.add("type");
  for (const keyword of keywords) {
    const where = `${path}/${keyword}`;
    if (types?.includes("number") === true && bounds.has(keyword))
      refuse(
        where,
        `is supported for the type integer alone, not for number: leave it out, or give "type": "integer".`,
      );
    if (allowed.has(keyword)) continue;
    const type = Object.entries(keywordsOf).find(([, names]) => names.includes(keyword))?.[0];
    if (single !== undefined) {
      refuse(
        where,
        `is not supported beside ${single}: move it into the ${single === "$ref" ? "schema that is referred to" : "alternatives"}, or leave it out.`,
      );
    }
    if (type !== undefined) refuse(where, `says something about the type ${type}: give "type": "${type}" beside it.`);
    refuse(where, "is not supported. The doc comment of jsonSchema() lists the keywords that are.");
  }
  return { alone: single, types };
}

function typesOf(type: unknown, path: string): readonly JsonType[] {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  const isType = (name: unknown): name is JsonType => typeof name === "string" && Object.hasOwn(keywordsOf, name);
  if (types.length > 0 && types.every(isType)) return types;
  return refuse(
    path,
    `is one of ${Object.keys(keywordsOf).join(", ")}, or a list of them, got ${JSON.stringify(type)}.`,
  );
}

/** The type of a value, where a whole number is an integer. */
export function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value as "string" | "boolean" | "object";
}
