import { ConfigError } from "@tenon/tensor";
import { kindOf } from "../check.ts";

/** tokenizer.json as data: the form in which the Hugging Face library `tokenizers` saves a tokenizer. */
export interface HuggingFaceJson {
  readonly version: "1.0";
  readonly model: object;
  readonly [key: string]: unknown;
}

/** Says that a key of tokenizer.json is not as it must be. */
export function wrong(path: string, expected: string, got: unknown): ConfigError {
  const came =
    typeof got === "string" && got.length > 60 ? `the string ${JSON.stringify(`${got.slice(0, 60)}…`)}` : kindOf(got);
  return new ConfigError(`${path} of tokenizer.json is ${expected}; got ${came}`, { key: path, expected, got });
}

/** A part of tokenizer.json that this package does not take, by its name. */
export function refuse(path: string, what: string, remedy: string): ConfigError {
  return new ConfigError(`${path} of tokenizer.json ${what}; ${remedy}`, { key: path });
}

/** A path is this long some hundred levels deep; reading on would overflow the stack in the end. */
const longestPath = 2000;

/** An object of tokenizer.json, read key by key: each is checked where it is used, and an error names it by its path. */
export class Json {
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown, path: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, "an object", value);
    if (path.length > longestPath)
      throw refuse(path.slice(0, 60), "goes on and on into itself", "no tokenizer is nested so deep");
    this.path = path;
    this.#values = value as Record<string, unknown>;
  }

  at(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }

  value(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? this.#values[key] : undefined;
  }

  /** Is there something other than null? */
  has(key: string): boolean {
    return (this.value(key) ?? null) !== null;
  }

  keys(): string[] {
    return Object.keys(this.#values);
  }

  string(key: string, fallback?: string): string {
    const value = this.value(key) ?? fallback;
    if (typeof value !== "string") throw wrong(this.at(key), "a string", this.value(key));
    return value;
  }

  optionalString(key: string): string | undefined {
    return this.has(key) ? this.string(key) : undefined;
  }

  /** One character, such as a replacement for the space. */
  character(key: string, fallback?: string): string {
    const value = this.string(key, fallback);
    if ([...value].length !== 1) throw wrong(this.at(key), "one character", value);
    return value;
  }

  boolean(key: string, fallback?: boolean): boolean {
    const value = this.value(key) ?? fallback;
    if (typeof value !== "boolean") throw wrong(this.at(key), "true or false", this.value(key));
    return value;
  }

  /** A whole number from `least`, and below 2^24: sizes and ids beyond that are damage. */
  count(key: string, fallback?: number, least = 0): number {
    const value = this.value(key) ?? fallback;
    if (!isCount(value) || value < least) {
      throw wrong(this.at(key), `a whole number from ${least} to ${largest}`, this.value(key));
    }
    return value;
  }

  oneOf<T extends string>(key: string, names: readonly T[], fallback?: T): T {
    const value = this.value(key) ?? fallback;
    const found = names.find((name) => name === value);
    if (found === undefined) throw wrong(this.at(key), `one of ${names.join(", ")}`, this.value(key));
    return found;
  }

  list(key: string): readonly unknown[] {
    const value = this.value(key);
    if (!Array.isArray(value)) throw wrong(this.at(key), "a list", value);
    return value;
  }

  object(key: string): Json {
    return new Json(this.value(key), this.at(key));
  }

  /** What `read` makes of an object that may be missing or null. */
  part<T>(key: string, read: (json: Json) => T): T | undefined {
    return this.has(key) ? read(this.object(key)) : undefined;
  }

  objects(key: string): Json[] {
    return this.list(key).map((value, index) => new Json(value, `${this.at(key)}[${index}]`));
  }
}

/** Ids and sizes are below this: sixteen million is sixty times the largest vocabulary in use. */
export const largest = 0xff_ffff;

export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= largest;
}
