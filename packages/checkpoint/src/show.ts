import type { JsonValue, OddNumber } from "./json.ts";

/** A name in double quotes, cut where it would swamp a message. */
export function quote(name: string): string {
  const characters = [...name.slice(0, 200)];
  return JSON.stringify(characters.length > 80 ? `${characters.slice(0, 77).join("")}…` : name);
}

/** A value as it stood in the file, cut where it would swamp a message. */
export function show(value: JsonValue | undefined): string {
  const text = spell(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

function spell(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return quote(value);
  if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
  if (value instanceof Map) return "an object";
  if (Array.isArray(value)) return `[${value.slice(0, 20).map(spell).join(", ")}${value.length > 20 ? ", …" : ""}]`;
  return (value as OddNumber).spelling;
}

export const damaged = "The file is damaged or was cut short: download or export it again.";
