import type { Expression } from "../bytes/expression.ts";
import { isObject, refuse, type SchemaContext, type SchemaObject } from "./schema-context.ts";

/** Objects with these properties, in this order. */
export function objects(context: SchemaContext, schema: SchemaObject, path: string): Expression {
  const { text, blanks } = context;
  const { expressions } = text;
  const { properties = {}, required = [], additionalProperties = false } = schema;
  if (!isObject(properties)) refuse(`${path}/properties`, `is an object, got ${JSON.stringify(properties)}.`);
  const names = Object.keys(properties);
  const needed = requiredNames(required, names, path);

  const comma = expressions.sequence(expressions.text(","), blanks);
  const pair = (key: Expression, value: Expression): Expression =>
    expressions.sequence(key, blanks, expressions.text(":"), blanks, value, blanks);
  const others =
    additionalProperties === false
      ? expressions.nothing
      : pair(text.stringExcept(names), context.compile(additionalProperties, `${path}/additionalProperties`));

  // From the last to the first: what may follow, as the first thing in the object or after another.
  let first = expressions.optional(
    expressions.sequence(others, expressions.repeat(expressions.sequence(comma, others), 0)),
  );
  let later = expressions.repeat(expressions.sequence(comma, others), 0);
  for (const name of names.reverse()) {
    if (!name.isWellFormed())
      refuse(`${path}/properties`, `has a name with half a surrogate pair, ${JSON.stringify(name)}.`);
    const value = context.compile(properties[name], `${path}/properties/${name}`);
    const property = pair(expressions.text(JSON.stringify(name)), value);
    const optional = !needed.has(name);
    const [firstWith, laterWith] = [
      expressions.sequence(property, later),
      expressions.sequence(comma, property, later),
    ];
    first = optional ? expressions.choice(first, firstWith) : firstWith;
    later = optional ? expressions.choice(later, laterWith) : laterWith;
  }
  return expressions.sequence(expressions.text("{"), blanks, first, expressions.text("}"));
}

function requiredNames(required: unknown, names: readonly string[], path: string): ReadonlySet<unknown> {
  if (!Array.isArray(required)) refuse(`${path}/required`, `is a list of names, got ${JSON.stringify(required)}.`);
  const missing: unknown = required.find((name) => !names.includes(name as string));
  if (missing !== undefined)
    refuse(`${path}/required`, `has ${JSON.stringify(missing)}, which is not among the properties: add it to them.`);
  return new Set<unknown>(required);
}
