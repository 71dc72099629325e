import { ConfigError, type Json } from "@tenon/tensor";

/**
 * A record as JSON text that gives the same record back. Throws `ConfigError` naming what JSON would change without a word: a number that is not
 * finite or is −0, and anything that is no plain data.
 */
export function exactJson(value: Json & { readonly record: Json }): string {
  check(value.record, "record");
  return JSON.stringify(value);
}

function check(value: unknown, path: string): void {
  if (value === null || typeof value === "boolean" || typeof value === "string") return;
  if (typeof value === "number" && Number.isFinite(value) && !Object.is(value, -0)) return;
  if (Array.isArray(value)) {
    for (const [i, each] of value.entries()) check(each, `${path}[${i}]`);
    return;
  }
  if (typeof value === "object" && isPlain(value)) {
    // A key without a value counts as absent, as JSON.stringify takes it.
    for (const [key, each] of Object.entries(value)) if (each !== undefined) check(each, `${path}.${key}`);
    return;
  }
  const got = typeof value === "object" ? (value.constructor?.name ?? "an object") : show(value);
  throw new ConfigError(
    `a checkpoint's ${path} is ${got}, which JSON cannot hold; expected plain objects, arrays, strings, booleans, null and finite numbers`,
    { path, got },
  );
}

function show(value: unknown): string {
  return typeof value === "number" ? (Object.is(value, -0) ? "-0" : String(value)) : typeof value;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
