import type { Expression } from "../bytes/expression.ts";
import { count, refuse, type SchemaContext, type SchemaObject } from "./schema-context.ts";

/** Arrays: the items of `prefixItems`, one schema each, and after them those of `items`. */
export function arrays(context: SchemaContext, schema: SchemaObject, path: string): Expression {
  const { blanks } = context;
  const { expressions } = context.text;
  const { prefixItems = [], items = true } = schema;
  if (!Array.isArray(prefixItems))
    refuse(`${path}/prefixItems`, `is a list of schemas, got ${JSON.stringify(prefixItems)}.`);
  const [least, most] = [count(schema, "minItems", path, 0), count(schema, "maxItems", path, Infinity)];
  const longest = items === false ? Math.min(most, prefixItems.length) : most;
  if (least > longest) refuse(path, `has minItems ${least}, but no more than ${longest} items can be there.`);

  const comma = expressions.sequence(expressions.text(","), blanks);
  const item = (itemSchema: unknown, place: string): Expression =>
    expressions.sequence(context.compile(itemSchema, `${path}/${place}`), blanks);
  const prefix = prefixItems.slice(0, longest).map((each, index) => item(each, `prefixItems/${index}`));
  const rest = items === false ? expressions.nothing : item(items, "items");
  const [min, max] = [Math.max(0, least - prefix.length), Math.max(0, longest - prefix.length)];

  /** The items from this place on; before each that is not the first there is a comma. */
  let after = expressions.repeat(expressions.sequence(comma, rest), min, max);
  for (let index = prefix.length - 1; index > 0; index--) {
    const more = expressions.sequence(comma, prefix[index]!, after);
    after = index >= least ? expressions.optional(more) : more;
  }
  const first =
    prefix.length > 0
      ? expressions.sequence(prefix[0]!, after)
      : max === 0
        ? expressions.nothing
        : expressions.sequence(
            rest,
            expressions.repeat(expressions.sequence(comma, rest), Math.max(0, min - 1), max - 1),
          );
  const content = least === 0 ? expressions.optional(first) : first;
  return expressions.sequence(expressions.text("["), blanks, content, expressions.text("]"));
}
