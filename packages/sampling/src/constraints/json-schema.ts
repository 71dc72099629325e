import { ConfigError } from "@tenon/tensor";
import type { Constraint } from "./constraint.ts";
import { schemaExpression } from "./json/schema.ts";
import { expressionConstraint } from "./tokens/expression-constraint.ts";
import type { TokenPieces } from "./tokens/vocabulary.ts";

/** What {@link jsonSchema} takes besides its schema. */
export interface JsonSchemaOptions {
  /** How many blanks (spaces, tabs, line breaks) may stand between two parts; 0 by default, which is compact JSON. */
  readonly whitespace?: number | undefined;
}

/**
 * A JSON text that a JSON Schema allows. It parses, and what it parses to is valid: all of it, or nothing is generated. What is generated may be less
 * than what the schema would allow, in the ways that are said here.
 *
 * - `true` and `{}`: any value.
 * - `type`, one or a list of `object`, `array`, `string`, `integer`, `number`, `boolean`, `null`.
 * - `enum` and `const`, alone or beside `type`; written as `JSON.stringify` writes them.
 * - Objects: `properties`, in the order of the schema; `required`, each of them among the properties; `additionalProperties`, after the others. Where it
 *   is absent there are none, as if it were `false`.
 * - Arrays: `items`, `prefixItems`, `minItems`, `maxItems`. Where `items` is absent, any value may follow.
 * - Strings: `minLength` and `maxLength`, in characters (code points); or `pattern`, as in `regex`, found anywhere in the string unless `^` and `$`
 *   say otherwise; or `format`: `date`, `time`, `date-time`, `uuid`, `email`. Halves of surrogate pairs are never written.
 * - Integers: `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`; up to 2⁵³ − 1, so that they parse exactly.
 * - Numbers: up to 9 digits before the point, 6 after it, and an exponent of two. Bounds are for integers alone.
 * - `anyOf`, and `oneOf` where types, constants, or constant properties that are required show that no value is of two of them.
 * - `$ref` to `#`, `#/$defs/…` or `#/definitions/…`, also where a schema holds itself.
 * - `title`, `description`, `default`, `examples`, `deprecated`, `readOnly`, `writeOnly`, `$comment`, `$schema` and `$id` say nothing about a value.
 *
 * Throws `ConfigError`, with the keyword and its path, for every other keyword, `allOf`, `not`, `patternProperties`, `uniqueItems`, `multipleOf` and
 * `nullable` among them, for a keyword that would say nothing about the types beside it, and for a schema that no finite text or none of this vocabulary
 * fits. An option that does not exist is refused.
 *
 * Wright, Andrews, Hutton and Dennis 2022, "JSON Schema: a media type for describing JSON documents" (draft 2020-12).
 *
 * @example
 * ```ts
 * const bytes = Array.from({ length: 128 }, (_, byte) => String.fromCharCode(byte));
 * const age = jsonSchema(bytes, { type: "object", properties: { age: { type: "integer", minimum: 0 } }, required: ["age"] });
 * let state = age.start;
 * for (const character of '{"age":4') state = age.next(state, character.charCodeAt(0));
 * console.log(Array.from(age.allowed(state, 2), (id) => bytes[id]).join(" ")); // 0 1 2 3 4 5 6 7 8 9 }
 * console.log(Array.from(age.allowed(state, 1), (id) => bytes[id]).join(" ")); // }
 * ```
 */
export function jsonSchema(pieces: TokenPieces, schema: unknown, options: JsonSchemaOptions = {}): Constraint {
  const unknown = Object.keys(options).find((key) => key !== "whitespace");
  if (unknown !== undefined)
    throw new ConfigError(`jsonSchema() has no option ${unknown}; it has whitespace.`, { key: unknown });
  const { whitespace = 0 } = options;
  if (!Number.isSafeInteger(whitespace) || whitespace < 0) {
    throw new ConfigError(
      `whitespace is how many blanks may stand between two parts of the JSON text, a whole number of at least 0, got ${JSON.stringify(whitespace)}`,
      { whitespace },
    );
  }
  return expressionConstraint("jsonSchema", pieces, (expressions) => schemaExpression(expressions, schema, whitespace));
}
