import type { Expression } from "../bytes/expression.ts";
import { patternExpression } from "../regex/pattern.ts";
import { count, refuse, type SchemaContext, type SchemaObject } from "./schema-context.ts";

const time = "([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)";
// February ends on its 28th, so that the date exists in every year.
const date = "\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))";
const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

/** What is written for each format: not all that the format would allow, but only what it does. */
const formats: Readonly<Record<string, string>> = {
  date,
  time,
  "date-time": `${date}T${time}`,
  uuid: "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
  email: `[a-z0-9]+([._+-][a-z0-9]+)*@${label}(\\.${label})+`,
};

/** Strings of a length in characters, or of a pattern, or of a format. */
export function strings({ text }: SchemaContext, schema: SchemaObject, path: string): Expression {
  const { expressions } = text;
  const { pattern, format } = schema;
  const said = ["pattern", "format", "minLength", "maxLength"].filter((keyword) => schema[keyword] !== undefined);
  const single = said.find((keyword) => keyword === "pattern" || keyword === "format");
  if (single !== undefined && said.length > 1) {
    const other = said.find((keyword) => keyword !== single)!;
    refuse(`${path}/${other}`, `is not supported beside ${single}: say both in one pattern, such as ^[a-z]{2,8}$.`);
  }
  const spelled = (source: string, whole: boolean): Expression =>
    text.quoted(
      patternExpression(expressions, source, { character: (ranges) => text.spelled(ranges), dotAll: false, whole }),
    );
  if (pattern !== undefined) {
    if (typeof pattern !== "string" || !pattern.isWellFormed())
      refuse(`${path}/pattern`, `is a regular expression in a string, got ${JSON.stringify(pattern)}.`);
    return spelled(pattern, false);
  }
  if (format !== undefined) {
    if (typeof format !== "string" || !Object.hasOwn(formats, format)) {
      const names = Object.keys(formats).join(", ");
      refuse(`${path}/format`, `is one of ${names}, got ${JSON.stringify(format)}: leave it out, or give a pattern.`);
    }
    return spelled(formats[format]!, true);
  }
  const [least, most] = [count(schema, "minLength", path, 0), count(schema, "maxLength", path, Infinity)];
  if (least > most) refuse(path, `has minLength ${least} above maxLength ${most}: no string has both.`);
  return text.quoted(expressions.repeat(text.character, least, most));
}
