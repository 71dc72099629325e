import * as z from "zod";

/** What a schema says of one place in a value. */
export interface SchemaAt {
  /** The schema there, without what makes it optional, gives it a default or lets it be null. */
  readonly schema: z.ZodType;
  /** What was said of it by `.describe("a whole number from 1 up")`: all that is expected there, whichever part was not met. */
  readonly description: string | undefined;
}

/** What a schema says of a place in the value; undefined where it says nothing. */
export function schemaAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): SchemaAt | undefined {
  const found = unwrapped(schema, value);
  const [key, ...deeper] = path;
  if (key === undefined) return found;
  const inside = memberOf(found.schema, key);
  return inside && schemaAt(inside, (value as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key], deeper);
}

/** The keys of the objects that a schema takes; none for any other schema. */
export const keysOf = (schema: z.ZodType | undefined): string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

/** Does a schema of options take this `kind`? A schema that is no plain object may: it cannot be told. */
export function takesKind(options: z.ZodType, name: string): boolean {
  return !(options instanceof z.ZodObject) || (memberOf(options, "kind")?.safeParse(name).success ?? false);
}

function memberOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (!(schema instanceof z.ZodObject)) return undefined;
  const shape = schema.shape as Readonly<Record<PropertyKey, z.ZodType>>;
  return Object.hasOwn(shape, key) ? shape[key] : undefined;
}

function unwrapped(schema: z.ZodType, value: unknown): SchemaAt {
  const inner = innerOf(schema, value);
  if (inner === undefined) return { schema, description: schema.description };
  const found = unwrapped(inner, value);
  return { ...found, description: schema.description ?? found.description };
}

function innerOf(schema: z.ZodType, value: unknown): z.ZodType | undefined {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodExactOptional
  ) {
    return schema.unwrap() as z.ZodType;
  }
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return undefined;
  const { discriminator } = schema.def;
  const chosen = (value as Readonly<Record<string, unknown>> | undefined)?.[discriminator];
  const options = schema.options as readonly z.ZodType[];
  return options.find((option) => memberOf(option, discriminator)?.safeParse(chosen).success);
}
