import { typeOf, whatIsSaid } from "./keywords.ts";
import { isObject, type SchemaObject } from "./schema-context.ts";

/** Finds the schema that a reference means. */
export type Resolve = (reference: string) => unknown;

/** Whether no value is of both schemas, by what shows at once: their types, their constants, and the constants of properties that both require. */
export function areDisjoint(a: unknown, b: unknown, resolve: Resolve): boolean {
  const [first, second] = [outline(a, resolve), outline(b, resolve)];
  if (first === undefined || second === undefined) return false;
  if (first.values !== undefined && second.values !== undefined)
    return !first.values.some((value) => second.values!.includes(value));
  if (!first.types.some((type) => second.types.includes(type))) return true;
  const shared = first.types.filter((type) => second.types.includes(type));
  if (shared.length !== 1 || shared[0] !== "object" || first.object === undefined || second.object === undefined)
    return false;
  const [one, other] = [constants(first.object), constants(second.object)];
  return Object.keys(one).some((name) => Object.hasOwn(other, name) && one[name] !== other[name]);
}

interface Outline {
  readonly types: readonly string[];
  /** As JSON. */
  readonly values?: readonly string[];
  readonly object?: SchemaObject;
}

function outline(schema: unknown, resolve: Resolve, seen: ReadonlySet<string> = new Set()): Outline | undefined {
  if (!isObject(schema)) return undefined;
  const { alone, types } = whatIsSaid(schema, "#");
  if (alone === "$ref") {
    const reference = String(schema["$ref"]);
    return seen.has(reference) ? undefined : outline(resolve(reference), resolve, new Set([...seen, reference]));
  }
  const values = alone === "const" ? [schema["const"]] : alone === "enum" ? schema["enum"] : undefined;
  if (Array.isArray(values))
    return { types: values.map((value) => wide(typeOf(value))), values: values.map(canonical) };
  return alone === undefined && types !== undefined ? { types: types.map(wide), object: schema } : undefined;
}

/** As JSON with the names of every object in one order: values are equal whatever the order of theirs. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** Every integer is a number, too. */
const wide = (type: string): string => (type === "integer" ? "number" : type);

function constants(schema: SchemaObject): Record<string, string> {
  const found: Record<string, string> = {};
  const { properties, required } = schema;
  if (!isObject(properties) || !Array.isArray(required)) return found;
  for (const [name, property] of Object.entries(properties)) {
    if (required.includes(name) && isObject(property) && property["const"] !== undefined)
      found[name] = canonical(property["const"]);
  }
  return found;
}
