import type { Json } from "@tenon/tensor";

/** The way to a place in a spec: ["decoder", "attention", "heads"]. */
export type Path = readonly string[];

/** An object of JSON. */
export type JsonObject = { readonly [key: string]: Json };

/** Is it an object, and no list? */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at a place; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): Json | undefined {
  let at = value;
  for (const key of path) at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at as Json | undefined;
}

/** The same with something else at a place; undefined takes the key away. Keys keep their order. */
export function withValueAt<T extends object>(value: T, [key, ...deeper]: Path, next: Json | undefined): T {
  if (key === undefined) return next as T;
  const before = (value as JsonObject)[key];
  const inside = deeper.length === 0 ? next : withValueAt(isObject(before) ? before : {}, deeper, next);
  if (inside !== undefined) return { ...value, [key]: inside };
  const { [key]: _, ...others } = value as JsonObject;
  return others as T;
}
