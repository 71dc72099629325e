import { ConfigError } from "@tenon/tensor";
import type * as z from "zod";

import { keysOf, schemaAt } from "./schema-at.ts";

/** A value as it came, short enough for an error message. */
export function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function textOf(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "number": // NaN and Infinity are no JSON
    case "symbol":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    default:
      try {
        return JSON.stringify(value);
      } catch {
        return "an object that is no JSON";
      }
  }
}

/** One problem of a spec, in words. */
export function mismatch(path: string, expected: string, came: unknown): string {
  return came === undefined
    ? `${path}: missing; expected ${expected}`
    : `${path}: expected ${expected}, got ${shown(came)}`;
}

/** "a" or "b" or "c" */
export const oneOf = (values: readonly unknown[]): string => values.map(shown).join(" or ");

/**
 * Checks a value against a schema. Throws a `ConfigError` that says which key, what was expected and what came; all problems at
 * once, one in each line.
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => describe(issue, value, path, schema));
  const [first] = result.error.issues;
  throw new ConfigError(problems.join("\n"), { path: [path, ...(first?.path ?? [])].join("."), problems });
}

function describe(issue: z.core.$ZodIssue, value: unknown, path: string, schema: z.ZodType): string[] {
  const at = [path, ...issue.path].join(".");
  const said = schemaAt(schema, value, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = keysOf(said?.schema);
    const remedy = known.length > 0 ? `; the keys are ${known.join(", ")}` : "";
    return issue.keys.map((key) => `${at}.${key}: there is no such key${remedy}`);
  }
  const came = issue.path.reduce<unknown>(
    (inside, key) => (inside as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  const expected = (issue.code === "too_big" ? undefined : said?.description) ?? expectation(issue);
  return [expected === undefined ? `${at}: ${issue.message}, got ${shown(came)}` : mismatch(at, expected, came)];
}

/** What should have come; undefined where only the schema itself can say. */
function expectation(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return typeNames[issue.expected] ?? issue.expected;
    case "invalid_value":
      return oneOf(issue.values);
    case "invalid_union":
      return "options" in issue && Array.isArray(issue.options) ? oneOf(issue.options) : anyOf(issue.errors);
    case "too_small":
      return isNumeric(issue.origin)
        ? `a number ${issue.inclusive ? "of at least" : "above"} ${issue.minimum}`
        : undefined;
    case "too_big":
      return isNumeric(issue.origin)
        ? `a number ${issue.inclusive ? "of at most" : "below"} ${issue.maximum}`
        : undefined;
    default:
      return undefined;
  }
}

const typeNames: Readonly<Partial<Record<string, string>>> = {
  int: "a whole number",
  number: "a number",
  string: "a string",
  boolean: "true or false",
  object: "an object",
  array: "a list",
};

const isNumeric = (origin: string): boolean => origin === "number" || origin === "int";

/** What the members of a union expected, where all speak of the whole value and can say it. */
function anyOf(errors: readonly (readonly z.core.$ZodIssue[])[]): string | undefined {
  const each = errors.map(([first]) => (first === undefined || first.path.length > 0 ? undefined : expectation(first)));
  return each.length > 0 && each.every((expected) => expected !== undefined) ? each.join(" or ") : undefined;
}
