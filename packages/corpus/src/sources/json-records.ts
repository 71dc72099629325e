import { ConfigError } from "@tenon/tensor";

import type { TextRecord } from "./read-records.ts";
import type { NamedBytes } from "./source-file.ts";
import type { JsonSources, LabelRule } from "./sources.ts";
import { linesOf } from "./split-text.ts";
import { textOf } from "./utf8.ts";

// The records of one file of JSON lines; blank lines stand for nothing.
export async function* jsonRecords(
  file: NamedBytes,
  { fields, label }: Pick<JsonSources, "fields" | "label">,
): AsyncGenerator<TextRecord> {
  let line = 0;
  for await (const text of linesOf(textOf(file), file.name)) {
    line++;
    if (text.trim() === "") continue;
    const where = `${file.name}, line ${line}`;
    const object = parse(text, where);
    const texts = fields.map((field) => textAt(object, field, where));
    yield label === undefined ? { texts } : { texts, label: labelAt(object, label, where) };
  }
}

function parse(text: string, where: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(
      `${where} is not JSON: ${(error as Error).message}. JSON lines have one whole object in each line.`,
      { where },
      { cause: error },
    );
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new ConfigError(`${where} is no object, but ${shown(value)}. JSON lines have one object in each line.`, {
    where,
  });
}

function valueAt(object: object, field: string): unknown {
  return Object.hasOwn(object, field) ? (object as Record<string, unknown>)[field] : undefined;
}

function textAt(object: object, field: string, where: string): string {
  const value = valueAt(object, field);
  if (typeof value === "string") return value;
  const keys = Object.keys(object).slice(0, 12).join(", ");
  throw new ConfigError(
    `${where}: ${JSON.stringify(field)} should be a text, and is ${shown(value)}. The object has the keys ${keys || "of none"}.`,
    { where, field },
  );
}

function labelAt(object: object, { field, classes }: LabelRule, where: string): number {
  const value = valueAt(object, field);
  if (classes === undefined) {
    if (typeof value === "number" && Number.isFinite(Math.fround(value))) return value;
    throw new ConfigError(
      `${where}: the label ${JSON.stringify(field)} should be a number, and is ${shown(value)}. For labels that are strings, list them as classes.`,
      { where, field },
    );
  }
  const place = classes.indexOf(value as string);
  if (place !== -1) return place;
  throw new ConfigError(
    `${where}: the label ${JSON.stringify(field)} should be one of ${classes.slice(0, 20).join(", ")}, and is ${shown(value)}.`,
    { where, field },
  );
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
