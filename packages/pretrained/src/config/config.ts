import { CheckpointError, type Json } from "@tenon/tensor";

type Value = string | number | boolean;

/**
 * A config.json that is being read: each key is asked for by what it has to be, and an error names the file, the key, what was expected and what came. A
 * key that is null counts as absent, as in Python.
 */
export class Config {
  /** What the file is called in messages. */
  readonly file: string;
  readonly values: Readonly<Record<string, Json>>;

  /** Throws `CheckpointError` for what is no object. */
  constructor(file: string, json: unknown) {
    if (typeof json !== "object" || json === null || Array.isArray(json))
      throw new CheckpointError(`${file} holds no JSON object. Download it again.`, { file });
    this.file = file;
    this.values = json as Record<string, Json>;
  }

  /** The same with other values for some keys. */
  with(values: Readonly<Record<string, Json>>): Config {
    return new Config(this.file, { ...this.values, ...values });
  }
  /** The same where keys that are absent take these values, those of the family's class in Hugging Face. A key that is null stays null, which says something else. */
  defaults(values: Readonly<Record<string, Json>>): Config {
    return new Config(this.file, { ...values, ...this.values });
  }
  /** Is the key there, and not null? */
  has(key: string): boolean {
    return Object.hasOwn(this.values, key) && this.values[key] !== null;
  }
  /** A whole number from 1 up. */
  size(key: string, otherwise?: number): number {
    return this.#get(
      key,
      otherwise,
      "a whole number from 1 up",
      (value) => Number.isSafeInteger(value) && (value as number) >= 1,
    );
  }
  /** How many layers there are: a whole number from 1 to 10000, the most that a spec may have. Whoever makes a list of them asks by this. */
  layers(key: string): number {
    const fits = (value: unknown): boolean =>
      Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 10_000;
    return this.#get<number>(key, undefined, "a whole number from 1 to 10000", fits);
  }
  /** A whole number from 0 up. */
  count(key: string, otherwise?: number): number {
    return this.#get(
      key,
      otherwise,
      "a whole number from 0 up",
      (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    );
  }
  number(key: string, otherwise?: number): number {
    return this.#get(key, otherwise, "a number", (value) => typeof value === "number");
  }
  flag(key: string, otherwise?: boolean): boolean {
    return this.#get(key, otherwise, "true or false", (value) => typeof value === "boolean");
  }
  text(key: string, otherwise?: string): string {
    return this.#get(key, otherwise, "a string", (value) => typeof value === "string");
  }
  /** One of a few values, such as the name of an activation, by a table that says what each is here. */
  choice<T>(key: string, table: Readonly<Record<string, T>>, otherwise?: string): T {
    const names = Object.keys(table);
    const known = (value: unknown): boolean => typeof value === "string" && Object.hasOwn(table, value);
    return table[this.#get(key, otherwise, `one of ${names.join(", ")}`, known)]!;
  }
  /** A list, each element checked by `each`. */
  list<T extends Json>(key: string, what: string, each: (value: unknown) => value is T): readonly T[] {
    return this.#get<readonly T[]>(
      key,
      undefined,
      `a list of ${what}`,
      (value) => Array.isArray(value) && value.every(each),
    );
  }
  /** An object within, as a config of its own. */
  within(key: string): Config {
    const value = this.#get<Json>(
      key,
      undefined,
      "an object",
      (value) => typeof value === "object" && !Array.isArray(value),
    );
    return new Config(`${this.file}: ${key}`, value);
  }
  /** Refuses whatever Tenon does not do: the key may be absent, or one of these values. */
  only(key: string, ...allowed: readonly Value[]): void {
    if (!this.has(key) || allowed.includes(this.values[key] as Value)) return;
    throw this.problem(
      key,
      `${allowed.map((value) => JSON.stringify(value)).join(" or ")}, the only ${allowed.length === 1 ? "value" : "values"} that Tenon does`,
    );
  }
  /** What is wrong with a key. */
  problem(key: string, expected: string): CheckpointError {
    const got = this.has(key) ? JSON.stringify(this.values[key]) : "nothing";
    const short = got.length > 80 ? `${got.slice(0, 79)}…` : got;
    return new CheckpointError(`${this.file}: "${key}": expected ${expected}; got ${short}`, {
      file: this.file,
      key,
      expected,
      got: short,
    });
  }

  #get<T>(key: string, otherwise: T | undefined, expected: string, fits: (value: unknown) => boolean): T {
    if (!this.has(key)) {
      if (otherwise !== undefined) return otherwise;
      throw this.problem(key, expected);
    }
    if (!fits(this.values[key])) throw this.problem(key, expected);
    return this.values[key] as T;
  }
}
