import { ConfigError } from "@tenon/tensor";
import type { Expression } from "../bytes/expression.ts";
import type { JsonText } from "./json-text.ts";

/** A schema that is an object, as it came. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** What the kinds of values need to become expressions. */
export interface SchemaContext {
  readonly text: JsonText;
  /** What may stand between two parts: nothing, or some blanks. */
  readonly blanks: Expression;
  /** The texts of a schema; `path` is where it is, such as `#/properties/age`. */
  compile(schema: unknown, path: string): Expression;
}

export function refuse(path: string, message: string): never {
  throw new ConfigError(`jsonSchema(): ${path} ${message}`, { path });
}

export function isObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A keyword that counts something. */
export function count(schema: SchemaObject, keyword: string, path: string, otherwise: number): number {
  const value = schema[keyword];
  if (value === undefined) return otherwise;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  return refuse(`${path}/${keyword}`, `is a whole number of at least 0, got ${JSON.stringify(value)}.`);
}
